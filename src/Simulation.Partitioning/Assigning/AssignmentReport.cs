using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>What a strategy makes of a configuration: balance now, and movement when a worker comes or goes.</summary>
/// <param name="Workers">In order of their numbers.</param>
/// <param name="Balance">Heaviest load over average load; 1 is perfect.</param>
/// <param name="Join">When one more worker joins.</param>
/// <param name="Leave">When one worker leaves, whichever moves most; null with a single worker.</param>
public sealed record AssignmentReport(
    string Strategy, int UnitCount, ImmutableArray<WorkerShare> Workers, double Balance, AssignmentMovement Join, AssignmentMovement? Leave)
{
    public static AssignmentReport Create(IAssignmentStrategy strategy, ImmutableArray<double> unitWeights, int workerCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workerCount, 1);
        ImmutableArray<MemberId> workers = [.. Enumerable.Range(0, workerCount).Select(number => new MemberId(number))];
        var assignment = strategy.Assign(unitWeights, workers);
        ImmutableArray<WorkerShare> shares = [.. workers.Select(worker => ShareOf(worker, assignment, unitWeights))];

        return new AssignmentReport(
            strategy.Name,
            unitWeights.Length,
            shares,
            shares.Max(share => share.Load) / shares.Average(share => share.Load),
            Move(new MemberId(workerCount), workers.Add(new MemberId(workerCount))),
            workerCount == 1 ? null : workers.Select(leaver => Move(leaver, workers.Remove(leaver))).MaxBy(movement => movement.Moved));

        AssignmentMovement Move(MemberId mover, ImmutableArray<MemberId> remaining) =>
            new(mover, strategy.Assign(unitWeights, remaining, assignment).CountMoved(assignment), unitWeights.Length, Math.Max(workerCount, remaining.Length));
    }

    private static WorkerShare ShareOf(MemberId worker, Assignment assignment, ImmutableArray<double> weights)
    {
        var units = assignment.UnitsOf(worker).ToArray();
        return new WorkerShare(worker, units.Length, units.Sum(unit => weights[unit]));
    }
}

/// <param name="Units">How many it owns.</param>
/// <param name="Load">Sum of their weights.</param>
public sealed record WorkerShare(MemberId Worker, int Units, double Load);

/// <param name="Mover">Who comes or goes.</param>
/// <param name="Moved">Units that change their owner.</param>
/// <param name="Units">Units there are.</param>
/// <param name="Workers">Workers on the larger side of the change.</param>
public sealed record AssignmentMovement(MemberId Mover, int Moved, int Units, int Workers)
{
    public double Fraction => (double)Moved / Units;

    /// <summary>What no fair strategy can go below: one worker's share.</summary>
    public double LeastFraction => 1.0 / Workers;
}
