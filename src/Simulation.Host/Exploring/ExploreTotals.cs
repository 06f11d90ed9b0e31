namespace Simulation.Host.Exploring;

/// <summary>What all seeds so far came to.</summary>
internal sealed class ExploreTotals
{
    private readonly SortedDictionary<ulong, SeedResult> _troubled = [];

    public long Seeds { get; private set; }

    public TimeSpan Simulated { get; private set; }

    public long Steps { get; private set; }

    public long Passed => Seeds - _troubled.Count;

    /// <summary>Of every seed that did not pass, by seed.</summary>
    public IReadOnlyCollection<SeedResult> Troubled => _troubled.Values;

    public Coverage Coverage { get; } = new();

    public long Count(SeedOutcome outcome) => outcome == SeedOutcome.Passed ? Passed : _troubled.Values.LongCount(result => result.Outcome == outcome);

    public void Add(SeedResult result)
    {
        Seeds++;
        Simulated += result.Simulated;
        Steps += result.Steps;
        Coverage.Add(result.Coverage);
        if (result.Outcome != SeedOutcome.Passed)
        {
            _troubled.Add(result.Seed, result);
        }
    }
}
