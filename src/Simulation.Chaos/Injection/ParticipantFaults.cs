using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Simulation.Actors;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>What can be done to workers and producers, by messages to their coordinator: the same in either world.</summary>
/// <param name="coordinator">Of the run.</param>
/// <param name="workers">How many there are at the beginning.</param>
public sealed class ParticipantFaults(IActorRef coordinator, int workers) : IFaultInjector
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    /// <summary>A worker that leaves hands over what it owns before, and one that comes has to join.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _workers = workers;

    public static IReadOnlySet<FaultKind> Supported { get; } =
        new[] { FaultKind.WorkerCrash, FaultKind.ProducerCrash, FaultKind.ScaleUp, FaultKind.ScaleDown }.ToFrozenSet();

    public IReadOnlySet<FaultKind> Kinds => Supported;

    public string? WhyNot(FaultKind kind) => null;

    public ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context) => fault.Kind switch
    {
        FaultKind.WorkerCrash => CrashWorkersAsync(fault, context),
        FaultKind.ProducerCrash => CrashProducersAsync(fault),
        FaultKind.ScaleUp => ScaleAsync(fault.Count(FaultEntry.By), context),
        FaultKind.ScaleDown => ScaleAsync(-fault.Count(FaultEntry.By), context),
        _ => throw new NotSupportedException(fault.Name),
    };

    private async ActorTask<IActiveFault> CrashWorkersAsync(PlannedFault fault, IActorContext context)
    {
        RunStatus status = await StatusAsync(context);
        ImmutableArray<string> there = [.. fault.Targets.Where(status.Workers.ContainsKey)];
        foreach (string worker in there)
        {
            coordinator.Tell(new CrashWorker(NumberOf(worker), fault.For!.Value), context.Self);
        }

        bool gone = await UntilAsync(context, now => !there.Any(now.Workers.ContainsKey));
        return !gone ? FinishedFault.Missed($"{Join(there)} did not go away")
            : there.Length < fault.Targets.Length ? FinishedFault.Missed($"{Join(fault.Targets.Except(there))} was not there")
            : FinishedFault.Bit($"{Join(there)} gone");
    }

    private ActorTask<IActiveFault> CrashProducersAsync(PlannedFault fault)
    {
        foreach (string producer in fault.Targets)
        {
            coordinator.Tell(new CrashProducer(NumberOf(producer)));
        }

        return ActorTask.FromResult<IActiveFault>(FinishedFault.Bit($"{Join(fault.Targets)} killed and replaced"));
    }

    private async ActorTask<IActiveFault> ScaleAsync(int change, IActorContext context)
    {
        int before = _workers;
        _workers += change;
        coordinator.Tell(new ScaleWorkers(_workers), context.Self);
        string[] concerned = [.. Enumerable.Range(Math.Min(before, _workers), Math.Abs(change)).Select(number => $"worker-{number}")];
        bool done = await UntilAsync(context, status => concerned.All(worker => status.Workers.ContainsKey(worker) == change > 0));
        string what = string.Create(CultureInfo.InvariantCulture, $"from {before} to {_workers} workers");
        return done ? FinishedFault.Bit(what) : FinishedFault.Missed($"not all of {Join(concerned)} {(change > 0 ? "came" : "left")}");
    }

    private ActorTask<RunStatus> StatusAsync(IActorContext context) => context.Ask<RunStatus>(coordinator, new GetStatus(), AnswerPatience);

    private async ActorTask<bool> UntilAsync(IActorContext context, Func<RunStatus, bool> condition)
    {
        TimeSpan deadline = context.Uptime + Patience;
        while (context.Uptime < deadline)
        {
            if (condition(await StatusAsync(context)))
            {
                return true;
            }

            await context.Delay(Poll);
        }

        return false;
    }

    private static int NumberOf(string participant) => int.Parse(participant[(participant.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);
}
