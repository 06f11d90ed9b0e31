using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>
/// Units much heavier than average are dealt round-robin from the heaviest; the rest go to their owner on the ring, unless it would be
/// overloaded, then to the lightest worker. Where a previous assignment is known, both the deal and the way round an overloaded worker
/// leave a unit where it is if they fairly can, so that one worker more or less does not reshuffle everything.
/// </summary>
internal sealed class WeightedConsistentHashStrategy(StrategyOptions options) : IAssignmentStrategy
{
    public const string StrategyName = "WeightedConsistentHash";

    public string Name => StrategyName;

    public Assignment Assign(ImmutableArray<double> unitWeights, ImmutableArray<MemberId> workers, Assignment? previous = null)
    {
        var heavy = unitWeights.Average() * options.ExtremeThreshold;
        var units = Enumerable.Range(0, unitWeights.Length).ToLookup(unit => unitWeights[unit] > heavy);
        var desk = new Desk(unitWeights, workers, previous);

        Deal(desk, [.. units[true].OrderByDescending(unit => unitWeights[unit])]);
        Hash(desk, units[false]);
        return new Assignment([.. desk.Owners]);
    }

    /// <summary>Every worker gets one before any gets two. A previous owner keeps what it has, up to the smallest number that every worker is due.</summary>
    private static void Deal(Desk desk, ImmutableArray<int> heaviestFirst)
    {
        var (rounds, rest) = Math.DivRem(heaviestFirst.Length, desk.Workers.Length);
        var dealt = desk.Workers.ToDictionary(worker => worker, _ => 0);
        var moving = new List<int>();
        foreach (var unit in heaviestFirst)
        {
            if (desk.PreviousOwner(unit) is { } keeper && MayKeep(keeper))
            {
                Give(unit, keeper);
            }
            else
            {
                moving.Add(unit);
            }
        }

        foreach (var unit in moving)
        {
            Give(unit, desk.Workers.MinBy(worker => dealt[worker]));
        }

        bool MayKeep(MemberId keeper)
        {
            if (dealt[keeper] < rounds)
            {
                return true;
            }

            return dealt[keeper] == rounds && rest-- > 0;
        }

        void Give(int unit, MemberId worker)
        {
            dealt[worker]++;
            desk.Give(unit, worker);
        }
    }

    private void Hash(Desk desk, IEnumerable<int> units)
    {
        var ring = new HashRing(desk.Workers, options.VirtualNodes);
        var mostLoad = desk.AverageLoad * options.OverloadThreshold;
        foreach (var unit in units)
        {
            var owner = ring.OwnerOf(unit);
            if (desk.LoadWith(unit, owner) > mostLoad)
            {
                owner = desk.PreviousOwner(unit) is { } keeper && desk.LoadWith(unit, keeper) <= mostLoad
                    ? keeper
                    : desk.Lightest();
            }

            desk.Give(unit, owner);
        }
    }

    /// <summary>The table at which units are given out, with the load of every worker so far.</summary>
    private sealed class Desk(ImmutableArray<double> weights, ImmutableArray<MemberId> workers, Assignment? previous)
    {
        private readonly Dictionary<MemberId, double> _loads = workers.ToDictionary(worker => worker, _ => 0.0);

        public ImmutableArray<MemberId> Workers => workers;

        public MemberId[] Owners { get; } = new MemberId[weights.Length];

        public double AverageLoad { get; } = weights.Sum() / workers.Length;

        public double LoadWith(int unit, MemberId worker) => _loads[worker] + weights[unit];

        public MemberId Lightest() => workers.MinBy(worker => _loads[worker]);

        /// <returns>Null when it had none, or that one is no longer here.</returns>
        public MemberId? PreviousOwner(int unit) =>
            previous is not null && unit < previous.Owners.Length && _loads.ContainsKey(previous[unit]) ? previous[unit] : null;

        public void Give(int unit, MemberId worker)
        {
            Owners[unit] = worker;
            _loads[worker] += weights[unit];
        }
    }
}
