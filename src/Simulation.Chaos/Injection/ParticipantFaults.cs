using System.Collections.Frozen;
using System.Globalization;
using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>What can be done to workers and producers, by messages to their coordinator: the same in either world.</summary>
/// <param name="coordinator">Of the run.</param>
public sealed class ParticipantFaults(IActorRef coordinator) : IFaultInjector
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeaderPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(10);

    public static IReadOnlySet<FaultKind> Supported { get; } = new[]
    {
        FaultKind.WorkerCrash, FaultKind.ProducerCrash, FaultKind.WorkerRestart, FaultKind.ScaleUp, FaultKind.ScaleDown, FaultKind.LeaderFailure,
        FaultKind.WorkerPause, FaultKind.SlowConsumer, FaultKind.ConsumerDelete, FaultKind.ConsumerAckLoss, FaultKind.KvLeaseDelete,
        FaultKind.KvBucketDelete, FaultKind.DuplicatePublish, FaultKind.ClockJump, FaultKind.PartitionChanges,
    }.ToFrozenSet();

    public IReadOnlySet<FaultKind> Kinds => Supported;

    public string? WhyNot(FaultKind kind) => null;

    public async ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context)
    {
        string[] targets = await ResolveAsync(fault, context);
        var active = new OrderedFault(coordinator, [.. targets.SelectMany(target => Orders(fault, target))], fault.For);
        await active.BeginAsync(context);
        return active;
    }

    /// <summary>A crash of the leader, and the leader's lease, are the coordinator's to aim: it asks the lease. For the rest, who was last known to lead will do.</summary>
    private async ActorTask<string[]> ResolveAsync(PlannedFault fault, IActorContext context)
    {
        bool isAimedThere = fault.Kind is FaultKind.WorkerCrash or FaultKind.LeaderFailure or FaultKind.KvLeaseDelete;
        string[] targets = fault.HitsLeader && !isAimedThere
            ? [await LeaderAsync(context) ?? throw new InvalidOperationException($"nobody led the workers for {LeaderPatience.TotalSeconds:0} s")]
            : [.. fault.Targets.DefaultIfEmpty("")];
        return fault.Kind is FaultKind.SlowConsumer or FaultKind.ConsumerAckLoss ? await AimAtOwnersAsync(targets, context) : targets;
    }

    /// <summary>
    /// What is done to the handling of messages cannot be felt by a worker that owns nothing, as some do when there are more workers than partitions.
    /// The next one that owns something takes its place. One that is away for the moment stays a target.
    /// </summary>
    private async ActorTask<string[]> AimAtOwnersAsync(string[] targets, IActorContext context)
    {
        IReadOnlyDictionary<string, int> owned = (await context.Ask<RunStatus>(coordinator, new GetStatus(), StatusPatience)).Workers;
        List<string> hit = [.. targets.Where(target => owned.GetValueOrDefault(target, 1) > 0)];
        List<string> others = [.. owned.Where(worker => worker.Value > 0).Select(worker => worker.Key).Except(hit).OrderBy(NumberOf)];
        foreach (string idle in targets.Except(hit).ToArray())
        {
            if (others.Find(other => NumberOf(other) > NumberOf(idle)) is { } next || (next = others.FirstOrDefault()) is not null)
            {
                hit.Add(next);
                others.Remove(next);
            }
        }

        return hit.Count > 0 ? [.. hit] : targets;
    }

    /// <summary>After the end of one it takes a lease's time until there is another.</summary>
    private async ActorTask<string?> LeaderAsync(IActorContext context)
    {
        TimeSpan deadline = context.Uptime + LeaderPatience;
        while (context.Uptime < deadline)
        {
            RunStatus status = await context.Ask<RunStatus>(coordinator, new GetStatus(), StatusPatience);
            if (status.Leader is not null || status.Phase > RunPhase.Running)
            {
                return status.Leader;
            }

            await context.Delay(Poll);
        }

        return null;
    }

    private static IEnumerable<ParticipantFault> Orders(PlannedFault fault, string target) => fault.Kind switch
    {
        FaultKind.WorkerCrash when target != PlannedFault.Leader => [new CrashWorker(NumberOf(target), fault.For!.Value, fault.Replaces)],
        FaultKind.WorkerCrash or FaultKind.LeaderFailure => [new CrashLeader(fault.For!.Value)],
        FaultKind.ProducerCrash => [new CrashProducer(NumberOf(target), fault.For!.Value)],
        FaultKind.WorkerRestart => [new RestartWorker(NumberOf(target))],
        FaultKind.ScaleUp => [new ScaleWorkersBy(fault.Count(FaultEntry.By))],
        FaultKind.ScaleDown => [new ScaleWorkersBy(-fault.Count(FaultEntry.By))],
        FaultKind.PartitionChanges => [new ChangePartitionsBy(fault.PartitionChange)],
        FaultKind.WorkerPause => [new PauseWorker(NumberOf(target))],
        FaultKind.SlowConsumer => [new SlowWorker(NumberOf(target), fault.Ratio("factor"))],
        FaultKind.ConsumerAckLoss => [new LoseAcks(NumberOf(target))],
        FaultKind.ConsumerDelete => [new DeleteConsumer(NumberOf(target))],
        FaultKind.KvLeaseDelete when target == PlannedFault.Leader => [new DeleteLeadership()],
        FaultKind.KvLeaseDelete => [new DeleteLease(NumberOf(target))],
        FaultKind.KvBucketDelete => [new DeleteGroupBucket()],
        FaultKind.ClockJump => [new JumpClock(NumberOf(target), fault.Word("direction") == "back" ? -fault.Time("by") : fault.Time("by"))],
        FaultKind.DuplicatePublish => Enumerable.Repeat(new PublishDuplicate(NumberOf(target)), fault.Count("messages")),
        _ => throw new NotSupportedException(fault.Name),
    };

    private static int NumberOf(string target) => int.Parse(target[(target.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
}
