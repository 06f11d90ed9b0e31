using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>
/// Carries a plan out: waits until messages are sent, injects each fault when it is due, ends it when its time or the sending is over, and
/// writes into its own log what was planned, what happened, what proves it, and how long the run took to be well again. A fault that
/// cannot be injected, or that nothing proves, is recorded as missed; the verdict names it.
/// </summary>
public sealed class ChaosActor : ReceiveActor
{
    public const string Name = "chaos";

    /// <summary>Under which its lines are in the log.</summary>
    public const string LogSource = "CHAOS";

    /// <summary>For a worker that is slow, or loses acknowledgements, to have a message that shows it; or as long as the fault lasts, if that is longer.</summary>
    public static readonly TimeSpan FeltPatience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly FaultPlan _plan;
    private readonly int _maxConcurrent;
    private readonly ChaosServices _services;
    private readonly Resumption? _resumption;
    private readonly SortedDictionary<int, OngoingFault> _ongoing = [];
    private readonly SortedDictionary<int, (PlannedFault Fault, RecoveryWatch Watch)> _recovering = [];

    private HistoryWriter _history = null!;
    private bool _isOver;
    private bool _isClosed;

    private ChaosActor(FaultPlan plan, int maxConcurrent, ChaosServices services, Resumption? resumption)
    {
        _resumption = resumption;
        _plan = resumption is null ? plan : ResumedPlan.Of(plan, resumption);
        _maxConcurrent = maxConcurrent;
        _services = services;
        Receive<PhaseEntered>(EnterPhase);
        Receive<FaultIsDue>(due => TellToEnd(due.Number));
        Receive<RunStatus>(Look);
        Receive<LookAround>(_ => _services.Coordinator.Tell(new GetStatus(), Self));
    }

    /// <param name="plan">What happens and when.</param>
    /// <param name="maxConcurrent">Also where a fault takes longer than planned, no more than this are active at a time.</param>
    /// <param name="services">What it needs.</param>
    /// <param name="resumption">How far the plan had been carried out; null when it begins.</param>
    public static Props Props(FaultPlan plan, int maxConcurrent, ChaosServices services, Resumption? resumption = null) =>
        Kernel.Props.Create(() => new ChaosActor(plan, maxConcurrent, services, resumption));

    protected override void PreStart()
    {
        _history = _services.History.Create(Name, ParticipantKind.Chaos);
        _history.Started(Context.Now, (_resumption?.Number ?? 0) + 1);
        foreach (PlannedFault fault in _plan.Faults.Where(fault => SoFar(fault) is null))
        {
            _history.FaultPlanned(Context.Now, fault.Number, fault.ToScheduled().ToYaml());
        }

        // What was being done when the coordinator died ended with it: participants and proxies were its own.
        foreach (PlannedFault fault in _plan.Faults.Where(fault => SoFar(fault) is { IsOver: false }))
        {
            _history.FaultEnded(Context.Now, fault.Number);
        }

        _services.Coordinator.Tell(new SubscribeToPhases(TakesPart: true), Self);
    }

    protected override void PostStop() => Close();

    private FaultSoFar? SoFar(PlannedFault fault) =>
        _resumption is not null && _resumption.Faults.TryGetValue(fault.Number, out FaultSoFar soFar) ? soFar : null;

    // ---- the phases of the run

    private void EnterPhase(PhaseEntered entered)
    {
        switch (entered.Phase)
        {
            case RunPhase.Running:
                Context.Spawn(() => CarryOutAsync(entered.SendingSince ?? Context.Now));
                break;
            case RunPhase.Draining:
                Context.Spawn(EndEverythingAsync);
                break;
            case RunPhase.Reading or RunPhase.Finished:
                Close();
                _services.Coordinator.Tell(new ReadyForPhase(entered.Phase), Self);
                break;
        }
    }

    private async ActorTask CarryOutAsync(DateTimeOffset sendingSince)
    {
        foreach (PlannedFault fault in _plan.Faults.Select(Rest).OfType<PlannedFault>())
        {
            TimeSpan wait = fault.At - (Context.Now - sendingSince);
            if (wait > TimeSpan.Zero)
            {
                await Context.Delay(wait);
            }

            while ((_ongoing.Count >= _maxConcurrent || IsStillBusy(fault)) && !_isOver)
            {
                await Context.Delay(Poll);
            }

            if (_isOver)
            {
                return;
            }

            if (WasBegun(fault) && ResumedPlan.DisturbsTheCalm(fault, Context.Now - sendingSince, _plan.CalmFrom))
            {
                Say(LogLevel.Info, $"{fault} was cut off by the outage; it is too late to begin it again");
                continue;
            }

            var ongoing = new OngoingFault(fault);
            _ongoing.Add(fault.Number, ongoing);
            Context.Spawn(() => CarryOutAsync(ongoing));
        }
    }

    /// <summary>By the plan nothing happens to anybody twice at a time; what is done takes longer than planned, because its time counts from when it was done.</summary>
    private bool IsStillBusy(PlannedFault fault) => _ongoing.Values.Any(other => other.Fault.Targets.Any(target => fault.Targets.Contains(target)));

    private PlannedFault? Rest(PlannedFault fault) => _resumption is null ? fault : ResumedPlan.Rest(fault, _resumption);

    private bool WasBegun(PlannedFault fault) => SoFar(fault) is { BeganAt: not null };

    private async ActorTask EndEverythingAsync()
    {
        _isOver = true;
        foreach (OngoingFault ongoing in _ongoing.Values.ToArray())
        {
            ongoing.TellToEnd();
        }

        while (_ongoing.Count > 0)
        {
            await Context.Delay(Poll);
        }

        _services.Coordinator.Tell(new ReadyForPhase(RunPhase.Draining), Self);
    }

    private void Close()
    {
        _isClosed = true;
        Timers.CancelAll();
        _history.Dispose();
    }

    // ---- one fault

    private async ActorTask CarryOutAsync(OngoingFault ongoing)
    {
        PlannedFault fault = ongoing.Fault;
        Begin(fault);
        if (await TryInjectAsync(fault) is { } active)
        {
            await UntilFeltAsync(fault, active);
            bool proven = TryProve(fault, active);
            await UntilOverAsync(ongoing, active);
            await TryUndoAsync(fault, active);
            if (!proven && !TryProve(fault, active))
            {
                Miss(fault, active.Doubt);
            }
        }

        End(fault);
    }

    private async ActorTask<IActiveFault?> TryInjectAsync(PlannedFault fault)
    {
        try
        {
            return await _services.Injector.InjectAsync(fault, Context);
        }
        catch (Exception failure)
        {
            Miss(fault, failure.Message);
            return null;
        }
    }

    private async ActorTask TryUndoAsync(PlannedFault fault, IActiveFault active)
    {
        try
        {
            await active.EndAsync(Context);
        }
        catch (Exception failure)
        {
            Context.System.Log.Write(LogLevel.Error, LogSource, $"{fault} could not be undone", failure);
            _services.Coordinator.Tell(new CutShort($"{fault} could not be undone: {failure.Message}"), Self);
        }
    }

    private async ActorTask UntilFeltAsync(PlannedFault fault, IActiveFault active)
    {
        TimeSpan deadline = Context.Uptime + (fault.For > FeltPatience ? fault.For.Value : FeltPatience);
        while (active is { IsToBeFelt: true, Proof: null } && !_isOver && Context.Uptime < deadline)
        {
            await Context.Delay(Poll);
        }
    }

    private async ActorTask UntilOverAsync(OngoingFault ongoing, IActiveFault active)
    {
        bool isTooLate = active is { IsToBeFelt: true, Proof: null };
        if (_isOver || isTooLate || ongoing.Fault.For is not { } time)
        {
            return;
        }

        Timers.StartSingleTimer(ongoing.Fault.Number, new FaultIsDue(ongoing.Fault.Number), time);
        await ongoing.EndAsync();
    }

    private void TellToEnd(int number)
    {
        if (_ongoing.TryGetValue(number, out OngoingFault? ongoing))
        {
            ongoing.TellToEnd();
        }
    }

    private void Begin(PlannedFault fault)
    {
        _recovering[fault.Number] = (fault, new RecoveryWatch(Context.Now));
        Timers.StartPeriodicTimer(nameof(LookAround), new LookAround(), TimeSpan.Zero, _services.LookInterval);
        _history.FaultStarted(Context.Now, fault.Number, fault.ToString());
        _services.Telemetry.FaultStarted(fault);
        Say(LogLevel.Info, $"Injecting event: {fault}");
    }

    private bool TryProve(PlannedFault fault, IActiveFault active)
    {
        if (active.Proof is not { } proof || _isClosed)
        {
            return active.Proof is not null;
        }

        _history.FaultBit(Context.Now, fault.Number, proof);
        Say(LogLevel.Debug, $"{fault} bit: {proof}");
        return true;
    }

    private void Miss(PlannedFault fault, string why)
    {
        if (!_isClosed)
        {
            _history.FaultMissed(Context.Now, fault.Number, why);
        }

        Say(LogLevel.Warning, $"{fault} did not bite: {why}");
    }

    private void End(PlannedFault fault)
    {
        _ongoing.Remove(fault.Number);
        _services.Telemetry.FaultEnded(fault);
        if (_recovering.TryGetValue(fault.Number, out (PlannedFault, RecoveryWatch Watch) recovering))
        {
            recovering.Watch.End(Context.Now);
        }

        if (!_isClosed)
        {
            _history.FaultEnded(Context.Now, fault.Number);
        }

        if (fault.For is not null)
        {
            Say(LogLevel.Debug, $"{fault} is over");
        }
    }

    // ---- recovery

    private void Look(RunStatus status)
    {
        if (_isClosed || status.Tracking is not { } tracking)
        {
            return;
        }

        var now = new Wellbeing(
            status.PartitionsOwned == status.PartitionsTotal, tracking.Totals.Sent, tracking.Totals.Sent - tracking.Totals.Received, tracking.Totals.UpTo);
        foreach ((int number, (PlannedFault fault, RecoveryWatch watch)) in _recovering.ToArray())
        {
            foreach ((RecoveryStage stage, TimeSpan after) in watch.See(now, Context.Now))
            {
                _history.FaultRecovered(Context.Now, number, stage, after);
                _services.Telemetry.Recovered(fault, stage, after);
            }

            if (watch.IsOver)
            {
                _recovering.Remove(number);
            }
        }

        if (_recovering.Count == 0)
        {
            Timers.Cancel(nameof(LookAround));
        }
    }

    private void Say(LogLevel level, string what) => Context.System.Log.Write(level, LogSource, what);

    private sealed record FaultIsDue(int Number);

    private sealed record LookAround;
}
