using System.Collections.Immutable;

namespace Simulation.Chaos;

/// <summary>How a choice of targets is written: <c>one</c>, <c>some</c>, <c>leader</c>, <c>all</c>.</summary>
public static class TargetWords
{
    public static string Write(TargetChoice choice) => choice.ToString().ToLowerInvariant();

    /// <returns>Null when it is names, or nothing.</returns>
    public static TargetChoice? Choice(ImmutableArray<string> targets)
    {
        foreach (TargetChoice choice in Enum.GetValues<TargetChoice>())
        {
            if (targets is [{ } word] && word == Write(choice))
            {
                return choice;
            }
        }

        return null;
    }
}
