using System.Collections.Immutable;

namespace Simulation.Host.Exploring;

/// <summary>
/// What happened, and how often: faults that bit and that missed, verdict classes, rare sites, states that a run can be in. Of one seed, or
/// of many together. What stays at zero was not explored.
/// </summary>
internal sealed class Coverage
{
    private readonly SortedDictionary<(string Group, string Name), Tally> _tallies = [];

    public IEnumerable<(string Group, string Name, Tally Tally)> Entries => _tallies.Select(entry => (entry.Key.Group, entry.Key.Name, entry.Value));

    /// <summary>Counts; zero says that it could have happened.</summary>
    public void Count(string group, string name, long times = 1)
    {
        Tally tally = _tallies.GetValueOrDefault((group, name));
        _tallies[(group, name)] = new Tally(tally.Times + times, tally.Seeds == 0 && times > 0 ? 1 : tally.Seeds);
    }

    /// <summary>Adds what another seed saw.</summary>
    public void Add(Coverage other)
    {
        foreach (((string group, string name), Tally tally) in other._tallies)
        {
            Tally mine = _tallies.GetValueOrDefault((group, name));
            _tallies[(group, name)] = new Tally(mine.Times + tally.Times, mine.Seeds + tally.Seeds);
        }
    }

    public ImmutableArray<string> Groups => [.. _tallies.Keys.Select(key => key.Group).Distinct()];
}

/// <param name="Times">Altogether.</param>
/// <param name="Seeds">In how many seeds at least once.</param>
internal readonly record struct Tally(long Times, long Seeds);
