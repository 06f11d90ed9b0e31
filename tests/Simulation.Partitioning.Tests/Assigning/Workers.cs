using System.Collections.Immutable;

namespace Simulation.Partitioning.Tests.Assigning;

internal static class Workers
{
    public static ImmutableArray<MemberId> First(int count) => [.. Enumerable.Range(0, count).Select(number => new MemberId(number))];

    public static ImmutableArray<double> EvenWeights(int units) => [.. Enumerable.Repeat(1.0, units)];

    /// <summary>A twentieth of the units carries most of the load, as in configs/realistic.yaml.</summary>
    public static ImmutableArray<double> SkewedWeights(int units) => [.. Enumerable.Range(0, units).Select(unit => unit % 20 == 7 ? 100.0 : 1.0)];
}
