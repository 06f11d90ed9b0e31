using System.Collections.Immutable;

namespace Simulation.Host.Configuration;

/// <summary>What a configuration may ask for before it can be done. Each answer names the way round.</summary>
internal static class NotBuiltYet
{
    private static readonly ImmutableArray<(string Key, Func<SimulationConfig, bool> Wanted, string WayRound)> Features =
    [
        ("simulation.mode", config => config.Simulation.Mode != RunMode.AllInOne, "run all in one: --set simulation.mode=all-in-one"),
    ];

    public static ImmutableArray<Problem> In(LoadedConfiguration loaded) =>
    [
        .. Features
            .Where(feature => feature.Wanted(loaded.Config))
            .Select(feature => new Problem(loaded.OriginOf(feature.Key), $"{feature.Key}: not built yet; {feature.WayRound}")),
    ];
}
