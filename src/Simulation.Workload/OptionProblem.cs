using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>An impossible value in the configuration.</summary>
/// <param name="Key">Where, for example <c>partitions.count</c>.</param>
/// <param name="Message">What is wrong, with the numbers, and what to do.</param>
public sealed record OptionProblem(string Key, string Message)
{
    public override string ToString() => $"{Key}: {Message}";

    internal static void Require(bool holds, string key, string message, ImmutableArray<OptionProblem>.Builder problems)
    {
        if (!holds)
        {
            problems.Add(new OptionProblem(key, message));
        }
    }
}
