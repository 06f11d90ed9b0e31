using System.Collections.Immutable;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>
/// Parent of everybody in a run. It makes what the run needs, starts workers and producers, ends the sending, waits for the drain, reads
/// the stream, and has the tracker judge. The script of a run is <see cref="ConductAsync"/>, read from top to bottom.
/// </summary>
public sealed partial class Coordinator : ReceiveActor
{
    public const string Name = "coordinator";

    /// <summary>Producers begin after this long even if some partition has no owner yet; its messages wait in the stream.</summary>
    private static readonly TimeSpan OwnershipPatience = TimeSpan.FromSeconds(8);

    /// <summary>Sending begins after this long even if some producer is not ready yet; it catches up when it is.</summary>
    private static readonly TimeSpan ProducerPatience = TimeSpan.FromSeconds(30);

    /// <summary>For good-byes at the end; they need the server, which may be gone.</summary>
    private static readonly TimeSpan MostStopPatience = TimeSpan.FromSeconds(15);

    private readonly RunOptions _run;
    private readonly RunTopology _topology;
    private readonly RunServices _services;
    private readonly ConnectionRegistry _connections;
    private readonly IParticipantHost _workerHost;
    private readonly IParticipantHost _producerHost;

    /// <summary>Null for a run that begins.</summary>
    private readonly Resumption? _resumption;

    private readonly SortedDictionary<int, IActorRef> _producers = [];
    private readonly SortedDictionary<int, IActorRef> _workers = [];
    private readonly SortedSet<int> _readyProducers = [];
    private readonly HashSet<int> _settled = [];
    private readonly OwnersBook _owned;
    private readonly Conditions _conditions = new();
    private readonly List<IActorRef> _waitingForOutcome = [];
    private readonly List<IActorRef> _phaseSubscribers = [];

    /// <summary>Those that take part, and the phase that each is ready for.</summary>
    private readonly Dictionary<IActorRef, RunPhase> _ready = [];

    private HistoryWriter _history = null!;
    private IJetStreamConnection _connection = null!;
    private RunSetup? _setup;
    private IActorRef _tracker = null!;
    private RunPhase _phase = RunPhase.Starting;
    private DateTimeOffset? _sendingSince;
    private TrackingStatus? _tracking;
    private MemberId? _leader;

    /// <summary>When the rebalancing that goes on began, and what moved since; null when none does.</summary>
    private (TimeSpan Began, int Moved)? _rebalancing;

    /// <summary>Whoever led it leads no more, and will not say when it is complete.</summary>
    private bool _rebalancingIsOrphan;

    /// <summary>How many workers owned something when the last rebalancing was complete.</summary>
    private int _workersAtBalance;

    /// <summary>Since when there may be holes that nobody has looked for; null when there are none.</summary>
    private DateTimeOffset? _unvalidatedSince;

    private string? _endedEarly;
    private bool _producersAreLeaving;
    private bool _workersAreLeaving;
    private RunOutcome? _outcome;

    private Coordinator(RunOptions run, RunTopology topology, RunServices services, Resumption? resumption)
    {
        _run = run;
        _resumption = resumption;
        _topology = topology;
        _owned = new OwnersBook(topology.Layout.PartitionCount);
        _connections = new ConnectionRegistry(services.Connector);
        _services = services with { Connector = _connections };
        _workerHost = services.Workers ?? new HostInProcess(Participants.Workers(run, _services, topology), _connections);
        int partitions = run.Workload.Options.Partitions.Count;
        _partitions = resumption?.Partitions ?? partitions;
        _served = Math.Max(resumption?.MostPartitions ?? 0, partitions);
        _producerHost = services.Producers ?? new HostInProcess(Participants.Producers(run, _services, topology), _connections);
        On<FinishEarly>(finish => FinishEarly(finish.Reason));
        On<BringBackWorker>(launch => LaunchWorker(launch.Number));
        On<BringBackProducer>(launch => LaunchProducer(launch.Number));
        On<ServerWasAway>(RecordIncident);
        On<CutShort>(cut => CutShort(cut.Reason));
        On<StorageExhausted>(exhausted => CutShort($"the server has no room left for the stream ({exhausted.Refusal})"));
        On<ProducerReady>(ready =>
        {
            _readyProducers.Add(ready.Producer);
            WelcomeProducer(ready.Producer);
        });
        On<SendsToPartitions>(sends => _sendsTo[sends.Producer] = sends.Count);
        On<ProducerSettled>(settled => _settled.Add(settled.Producer));
        On<ProducerEnded>(Forget);
        On<JoinedGroup>(joined => _members[joined.Worker] = joined.Member);
        On<PartitionsOwned>(NoteOwned);
        On<WorkerEnded>(Forget);
        On<LeaderElected>(AnnounceLeader);
        On<ParticipantLost>(NoteLoss);
        On<RebalanceStarted>(AnnounceRebalance);
        On<RebalanceCompleted>(_ => AnnounceRebalanceEnd());
        On<TrackingStatus>(Follow);
        On<GetFolded>(get => _tracker?.Tell(get, Sender));
        On<GetStatus>(_ => Sender!.Tell(Status(), Self));
        Receive<TellStatus>(_ => _services.Telemetry.StatusChanged(Status()));
        On<Failed>(failed => Context.Spawn(() => EndAfterFailureAsync(failed)));
        On<AwaitOutcome>(_ => AnswerWithOutcome(Sender!));
        On<SubscribeToPhases>(subscription => SubscribeToPhases(Sender!, subscription.TakesPart));
        On<ReadyForPhase>(ready => _ready[Sender!] = ready.Phase);
        On<Abandon>(_ => Abandon(Sender!));
        ReceiveFaults();
    }

    /// <param name="run">What the run is.</param>
    /// <param name="topology">What it has on the server.</param>
    /// <param name="services">What it needs of its world.</param>
    /// <param name="resumption">Where a run goes on that had begun; its stream, consumers and buckets are there.</param>
    public static Props Props(RunOptions run, RunTopology topology, RunServices services, Resumption? resumption = null) =>
        Kernel.Props.Create(() => new Coordinator(run, topology, services, resumption));

    protected override SupervisorStrategy SupervisorStrategy { get; } = Participants.Supervision;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(TellStatus), new TellStatus(), _run.TrackingInterval);
        Context.Spawn(ConductAsync);
    }

    /// <summary>A handler failed. What the run had come to is lost with this incarnation; the next one cleans up and tells whoever waits.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        Self.Tell(new Failed(new RunOutcome(null, _endedEarly, reason), [.. _waitingForOutcome], _setup?.MayHaveBucket, _sendingSince), Self);
        base.PreRestart(reason, message);
    }

    /// <summary>A run does not begin a second time.</summary>
    protected override void PostRestart(Exception reason) =>
        (_phase, _producersAreLeaving, _workersAreLeaving) = (RunPhase.Finished, true, true);

    private async ActorTask EndAfterFailureAsync(Failed failed)
    {
        _waitingForOutcome.AddRange(failed.Waiting);
        (_outcome, _sendingSince) = (failed.Outcome, failed.SendingSince);
        try
        {
            if (failed.MayHaveBucket is { } mayHaveBucket)
            {
                _connection = await _services.Connector.ConnectAsync("coordinator");
                _setup = new RunSetup(_connection, _run, _topology) { MayHaveBucket = mayHaveBucket };
            }
        }
        catch (JetStreamException unreachable)
        {
            Context.System.Log.Write(LogLevel.Warning, "",
                $"What the run made may be left on the server ({unreachable.Message}). Remove it, or give the next run another prefix");
        }

        await CleanUpAsync();
        TellOutcome(_outcome!);
    }

    private async ActorTask ConductAsync()
    {
        try
        {
            await PrepareAsync();
            await StartWorkersAsync();
            await SendAsync();
            await SettleAsync();
            await DrainAsync();
            await StopWorkersAsync();
            await ReadAsync();
            await JudgeAsync();
        }
        catch (Exception failure)
        {
            // Whatever it is: what was made is removed, and whoever waits is told.
            _outcome = new RunOutcome(null, _endedEarly, failure);
        }

        await CleanUpAsync();
        TellOutcome(_outcome!);
    }

    private void TellOutcome(RunOutcome outcome)
    {
        foreach (IActorRef asker in _waitingForOutcome)
        {
            asker.Tell(outcome, Self);
        }
    }

    // ---- the script, scene by scene

    private async ActorTask PrepareAsync()
    {
        _history = _services.History.Create(Name, ParticipantKind.Coordinator);
        RecordOutageBegan();
        _history.Started(Context.Now, (_resumption?.Number ?? 0) + 1);
        RecordOutageEnded();
        _history.GuaranteesDeclared(Context.Now, _run.Guarantees);
        Enter(RunPhase.Starting);
        _connection = await _services.Connector.ConnectAsync("coordinator");
        _setup = new RunSetup(_connection, _run, _topology);
        StreamInfo stream = await _setup.CreateAsync(Context, allAreDead: _resumption is { MayHaveSurvivors: false });
        _history.StreamCreated(Context.Now, _topology.Stream, stream.Created);
        await _setup.CreateConsumersAsync(Context, _topology.Layout.Units.Take(UnitsServed));
        _tracker = Context.ActorOf(Tracker.Props(_run, _services, _resumption), "tracker");
    }

    /// <summary>A run that was interrupted before it had all its workers gets them now.</summary>
    private IEnumerable<int> WorkersAtTheStart => _resumption is { SentFor: var sentFor, Workers: var workers } && sentFor > TimeSpan.Zero
        ? workers
        : Enumerable.Range(0, _run.Consuming.WorkerCount);

    private async ActorTask StartWorkersAsync()
    {
        foreach (int number in WorkersAtTheStart)
        {
            LaunchWorker(number);
        }

        await _conditions.UntilAsync(
            Context, () => PartitionsOwned == _served || _endedEarly is not null, OwnershipPatience);
    }

    private async ActorTask SendAsync()
    {
        if (_endedEarly is not null)
        {
            return;
        }

        for (int number = 0; number < _run.Workload.Options.Producers.Count; number++)
        {
            LaunchProducer(number);
        }

        await _conditions.UntilAsync(
            Context, () => _readyProducers.Count == _run.Workload.Options.Producers.Count || _endedEarly is not null, ProducerPatience);
        if (_endedEarly is not null)
        {
            return;
        }

        TimeSpan sentFor = _resumption?.SentFor ?? TimeSpan.Zero;
        _sendingSince = Context.Now - sentFor;
        if (sentFor >= _run.Duration)
        {
            return; // It was interrupted after the last message; what is open gets its outcome.
        }

        Enter(RunPhase.Running);
        foreach (int number in _readyProducers)
        {
            WelcomeProducer(number);
        }

        await _conditions.UntilAsync(Context, () => _endedEarly is not null, _run.Duration - sentFor);
    }

    private async ActorTask SettleAsync()
    {
        Enter(RunPhase.Draining);
        UndoEverything();
        foreach (int number in _readyProducers) // Who is not ready yet is told when it is.
        {
            _producers[number].Tell(new StopSending(), Self);
        }

        await UntilAllAreReadyAsync();
        await _conditions.UntilAsync(Context, AllSettled, _run.ValidationWindow);
        _producersAreLeaving = true;
        await StopAllAsync(_producerHost, _producers);
    }

    private bool AllSettled() => _sendingSince is null || Enumerable.Range(0, _run.Workload.Options.Producers.Count).All(_settled.Contains);

    private async ActorTask DrainAsync()
    {
        DrainResult result = await new Drain(_connection, _topology.Stream, Carriers).RunAsync(Context, _run.ValidationWindow);
        if (result.TimedOut)
        {
            _history.DrainTimedOut(Context.Now, result.Pending, result.AckPending);
        }
        else
        {
            _history.DrainFinished(Context.Now);
        }
    }

    private async ActorTask StopWorkersAsync()
    {
        _workersAreLeaving = true;
        if (_rebalancing is { } unfinished)
        {
            _rebalancing = null;
            Say($"Rebalancing was not complete when the run ended: {unfinished.Moved} {UnitWord} were moving");
        }

        foreach (IActorRef worker in _workers.Values)
        {
            worker.Tell(new LeaveGroup(), Self);
        }

        await _conditions.UntilAsync(Context, () => _workers.Count == 0, StopPatience);
        await StopAllAsync(_workerHost, _workers);
    }

    private async ActorTask ReadAsync()
    {
        Enter(RunPhase.Reading);
        _history.Launched(Context.Now, "reader");
        int incarnation = Incarnations.Next(_services.History, "reader");
        using HistoryWriter reader = _services.History.Create("reader", ParticipantKind.Reader);
        reader.Started(Context.Now, incarnation);
        try
        {
            await new FinalRead(_connection, _topology.Stream, new MessageInspector(_run.RunId, _topology), reader).RunAsync(Context);
        }
        catch (JetStreamException failure)
        {
            reader.FinalReadFailed(Context.Now, failure.Message);
        }

        await UntilAllAreReadyAsync();
    }

    private async ActorTask JudgeAsync()
    {
        Enter(RunPhase.Finished);
        _history.Dispose();
        if (Context.Child(_tracker.Name) is null)
        {
            throw new InvalidOperationException("The tracker failed too often, so there is nobody to judge; the log says why.");
        }

        Judgement judgement = await Context.Ask<Judgement>(_tracker, new Judge(), TimeSpan.FromHours(1));
        _tracking = judgement.Tracking ?? _tracking;
        _services.Telemetry.StatusChanged(Status());
        _outcome = new RunOutcome(judgement, _endedEarly, null);
    }

    private async ActorTask CleanUpAsync()
    {
        (_producersAreLeaving, _workersAreLeaving) = (true, true);
        await StopAllAsync(_producerHost, _producers);
        await StopAllAsync(_workerHost, _workers);
        await RemoveBelongingsAsync();
        if (_connection is not null)
        {
            await _connection.CloseAsync();
        }
    }

    private async ActorTask RemoveBelongingsAsync()
    {
        if (_setup is null || _run.Stream.Keep)
        {
            return;
        }

        if (_outcome is { Failure: not null } && (_resumption is not null || _sendingSince is not null))
        {
            // Without a verdict it can go on; and whoever found nothing on the server then would find everything lost.
            Context.System.Log.Write(LogLevel.Warning, "", $"Left on the server, so that the run can be resumed: {_setup.Belongings}");
            return;
        }

        try
        {
            await _setup.RemoveAsync();
        }
        catch (JetStreamException failure)
        {
            Context.System.Log.Write(LogLevel.Warning, "",
                $"Left behind on the server: {_setup.Belongings} ({failure.Message}). Remove them, or give the next run another prefix");
        }
    }

    // ---- workers and producers

    private void LaunchWorker(int number)
    {
        _comingBack.Remove(number);
        if (_workersAreLeaving || _workers.ContainsKey(number))
        {
            return;
        }

        string name = Worker.NameOf(number);
        _history.Launched(Context.Now, name);
        IActorRef worker = Context.ActorOf(_workerHost.PropsOf(number), name);
        Context.WatchWith(worker, new WorkerEnded(number));
        _workers.Add(number, worker);
        if (_served > _run.Workload.Options.Partitions.Count)
        {
            worker.Tell(new ServePartitions(_served), Self);
        }

        _highestWorker = Math.Max(_highestWorker, number);
    }

    private void LaunchProducer(int number)
    {
        _producersComingBack.Remove(number);
        if (_producersAreLeaving || _producers.ContainsKey(number))
        {
            return;
        }

        string name = Producer.NameOf(number);
        _history.Launched(Context.Now, name);
        IActorRef producer = Context.ActorOf(_producerHost.PropsOf(number), name);
        Context.WatchWith(producer, new ProducerEnded(number));
        _producers.Add(number, producer);
    }

    private void WelcomeProducer(int number)
    {
        if (_phase > RunPhase.Starting && _producers.TryGetValue(number, out IActorRef? producer))
        {
            producer.Tell(_phase == RunPhase.Running ? new StartSending(_sendingSince!.Value, _partitions) : new StopSending(), Self);
        }
    }

    private void Forget(WorkerEnded ended)
    {
        _services.Telemetry.ParticipantEnded(ParticipantKind.Worker, Worker.NameOf(ended.Number));
        if (!_workersAreLeaving && !_leaving.Contains(ended.Number) && !_comingBack.Contains(ended.Number))
        {
            _comingBack.Add(ended.Number);
            BringBackAfterLoss(Worker.NameOf(ended.Number), new BringBackWorker(ended.Number));
        }

        _workers.Remove(ended.Number);
        _owned.Forget(Worker.NameOf(ended.Number));
        _members.Remove(ended.Number);
        _leaving.Remove(ended.Number);
        _paused.Remove(ended.Number);
    }

    private void Forget(ProducerEnded ended)
    {
        _services.Telemetry.ParticipantEnded(ParticipantKind.Producer, Producer.NameOf(ended.Number));
        _producers.Remove(ended.Number);
        _readyProducers.Remove(ended.Number);
        _sendsTo.Remove(ended.Number);
        if (_producersAreLeaving)
        {
            return;
        }

        _settled.Remove(ended.Number);
        if (_producersComingBack.Add(ended.Number))
        {
            BringBackAfterLoss(Producer.NameOf(ended.Number), new BringBackProducer(ended.Number));
        }
    }

    private async ActorTask StopAllAsync(IParticipantHost host, SortedDictionary<int, IActorRef> participants)
    {
        foreach ((int number, IActorRef participant) in participants)
        {
            host.Stop(Context, participant, number);
        }

        if (!await _conditions.UntilAsync(Context, () => participants.Count == 0, StopPatience))
        {
            foreach ((int number, IActorRef participant) in participants)
            {
                host.Kill(Context, participant, number);
            }
        }
    }

    // ---- rebalancing

    private void AnnounceLeader(LeaderElected elected)
    {
        _leader = elected.Leader;
        Say($"{elected.Leader} leads the workers (epoch {elected.Epoch})", LogLevel.Debug);
        _rebalancingIsOrphan = _rebalancing is not null;
        EndOrphanedRebalance();
    }

    private void NoteOwned(PartitionsOwned owned)
    {
        _owned.Note(owned.Worker, owned.Partitions);
        EndOrphanedRebalance();
    }

    private void EndOrphanedRebalance()
    {
        if (_rebalancingIsOrphan && PartitionsOwned >= _served)
        {
            AnnounceRebalanceEnd();
        }
    }

    private string? LeadingWorker => _members
        .Where(member => member.Value == _leader && _workers.ContainsKey(member.Key))
        .Select(member => Worker.NameOf(member.Key))
        .FirstOrDefault();

    /// <summary>What moves before all has come to rest belongs to the same rebalancing, whoever leads: for each that is detected, one is complete.</summary>
    private void AnnounceRebalance(RebalanceStarted rebalance)
    {
        string what = _rebalancing is null ? "detected" : "goes on";
        _rebalancing = (_rebalancing?.Began ?? Context.Uptime, (_rebalancing?.Moved ?? 0) + rebalance.Moved);
        _rebalancingIsOrphan = false;
        _unvalidatedSince = Context.Now;
        Say($"Rebalancing {what}: {rebalance.Moved} {UnitWord} moving"
            + (rebalance.Urgent ? ", because a worker is gone" : ""));
    }

    private void AnnounceRebalanceEnd()
    {
        if (_rebalancing is not { } rebalancing)
        {
            return;
        }

        int moved = rebalancing.Moved;
        TimeSpan duration = Context.Uptime - rebalancing.Began;
        _services.Telemetry.RebalanceCompleted(duration, moved);
        int workers = _owned.Workers;
        Say($"Rebalancing complete: {_workersAtBalance} -> {workers} workers, {moved} {UnitWord} moved in {duration.TotalSeconds:0.0} s");
        _workersAtBalance = workers;
        (_rebalancing, _rebalancingIsOrphan) = (null, false);
        _unvalidatedSince = Context.Now;
    }

    /// <summary>After each change of owners, and after each hole, people are told once when nothing is missing any more.</summary>
    private void Follow(TrackingStatus tracking)
    {
        _tracking = tracking;
        WatchRecovery(tracking.Totals);
        if (tracking.Totals.GapsPending > 0)
        {
            _unvalidatedSince = tracking.Totals.UpTo;
        }
        else if (_unvalidatedSince < tracking.Totals.UpTo && _rebalancing is null)
        {
            _unvalidatedSince = null;
            Say("Validation: no gaps detected");
        }
    }

    private string UnitWord => _topology.Layout.Layout == ConsumerLayout.PerGroup ? "groups" : "partitions";

    /// <summary>To people and to the history.</summary>
    private void Say(string what, LogLevel level = LogLevel.Info)
    {
        Context.System.Log.Write(level, "", what);
        if (_phase != RunPhase.Finished)
        {
            _history.Note(Context.Now, what);
        }
    }

    // ---- helpers

    private TimeSpan StopPatience => _run.ValidationWindow < MostStopPatience ? _run.ValidationWindow : MostStopPatience;

    private int PartitionsOwned => _owned.Owned;

    private void Enter(RunPhase phase)
    {
        _phase = phase;
        _history.PhaseChanged(Context.Now, phase);
        _services.Telemetry.StatusChanged(Status());
        foreach (IActorRef subscriber in _phaseSubscribers)
        {
            subscriber.Tell(new PhaseEntered(_phase, _sendingSince), Self);
        }
    }

    private void SubscribeToPhases(IActorRef subscriber, bool takesPart)
    {
        _phaseSubscribers.Add(subscriber);
        if (takesPart)
        {
            _ready[subscriber] = _phase;
            _history.Launched(Context.Now, subscriber.Name);
        }

        subscriber.Tell(new PhaseEntered(_phase, _sendingSince), Self);
    }

    private ActorTask<bool> UntilAllAreReadyAsync() =>
        _conditions.UntilAsync(Context, () => _ready.Values.All(phase => phase >= _phase), _run.ValidationWindow);

    /// <summary>Whatever is handled may be what some loop waits for.</summary>
    private void On<T>(Action<T> handle) => Receive<T>(message =>
    {
        handle(message);
        _conditions.Review();
    });

    private RunStatus Status() => new(
        _phase, _sendingSince is { } since ? Context.Now - since : TimeSpan.Zero,
        _workers.Keys.ToDictionary(Worker.NameOf, number => _owned.Of(Worker.NameOf(number))), PartitionsOwned, _served, _tracking, LeadingWorker);

    // ---- what was not planned

    private void RecordIncident(ServerWasAway incident)
    {
        if (_phase != RunPhase.Finished)
        {
            _history.ServerEvent(Context.Now, incident.What, incident.Away);
        }
    }

    /// <summary>For the journal, too: a threshold that was missed, or somebody who asked for it.</summary>
    private void FinishEarly(string reason)
    {
        if (_endedEarly is null && _phase != RunPhase.Finished)
        {
            _endedEarly = reason;
            _history.Note(Context.Now, $"Ends early: {reason}");
        }
    }

    private void CutShort(string reason)
    {
        if (_endedEarly is null && _phase <= RunPhase.Running)
        {
            _endedEarly = reason;
            _history.CutShort(Context.Now, reason);
            Context.System.Log.Write(LogLevel.Error, "", $"The run is cut short: {reason}");
        }
    }

    /// <summary>Nobody is stopped in order any more: the process ends as soon as this is answered.</summary>
    private void Abandon(IActorRef asker)
    {
        (_producersAreLeaving, _workersAreLeaving) = (true, true);
        foreach ((int number, IActorRef worker) in _workers)
        {
            _workerHost.Kill(Context, worker, number);
        }

        foreach ((int number, IActorRef producer) in _producers)
        {
            _producerHost.Kill(Context, producer, number);
        }

        Context.Spawn(async () =>
        {
            await RemoveBelongingsAsync();
            asker.Tell(new Abandoned(), Self);
        });
    }

    private void AnswerWithOutcome(IActorRef asker)
    {
        if (_outcome is null)
        {
            _waitingForOutcome.Add(asker);
        }
        else
        {
            asker.Tell(_outcome, Self);
        }
    }

    private sealed record WorkerEnded(int Number);

    private sealed record TellStatus;

    /// <summary>To the next incarnation: how this one ended, who waits to hear it, and, if it had begun to make anything, whether with the bucket, and to send.</summary>
    private sealed record Failed(RunOutcome Outcome, ImmutableArray<IActorRef> Waiting, bool? MayHaveBucket, DateTimeOffset? SendingSince);

    private sealed record ProducerEnded(int Number);

    /// <summary>By its own timer: bring a worker back.</summary>
    private sealed record BringBackWorker(int Number);

    /// <summary>By its own timer: bring a producer back.</summary>
    private sealed record BringBackProducer(int Number);
}
