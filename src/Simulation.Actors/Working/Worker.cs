using System.Collections.Immutable;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>
/// A member of the worker group. It pulls the units that it owns, handles the messages of a partition one after another and partitions
/// side by side, records <c>processed</c> before it acknowledges, and keeps the acknowledgement deadline of what it holds alive.
/// </summary>
internal sealed class Worker : ReceiveActor
{
    /// <summary>Of the names of workers.</summary>
    public const string Prefix = "worker-";

    /// <summary>How long a unit that moves away may take to finish what is in flight before the rest is released unfinished.</summary>
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan PauseAfterEnd = TimeSpan.FromSeconds(1);

    /// <summary>Whoever looks at a run asks for all of them, again and again.</summary>
    private static readonly string[] Names = [.. Enumerable.Range(0, 256).Select(number => $"{Prefix}{number}")];

    private readonly int _number;
    private readonly RunOptions _run;
    private readonly RunServices _services;
    private readonly RunTopology _topology;
    private readonly MessageInspector _inspector;
    private readonly WorkerMemory _memory;

    /// <summary>Unit id to the version of the assignment under which it is held.</summary>
    private readonly SortedDictionary<int, long> _owned = [];

    private HistoryWriter? _history;
    private IJetStreamConnection? _connection;
    private readonly MemberClock _clock = new();
    private IActorRef? _member;
    private UnitConsumers _consumers = null!;
    private MemberId _id;

    /// <summary>Grows when a lease is lost: what was begun before then speaks for nobody any more.</summary>
    private int _life;
    private OwnershipLease _lease = null!;
    private Handicap<double>? _slow;
    private Handicap<bool>? _losesAcks;

    public Worker(int number, RunOptions run, RunServices services, RunTopology topology, WorkerMemory memory)
    {
        _number = number;
        _run = run;
        _services = services;
        _topology = topology;
        _inspector = new MessageInspector(run.RunId, topology);
        _memory = memory;
        Become(Preparing);
    }

    public static string NameOf(int number) => (uint)number < (uint)Names.Length ? Names[number] : $"{Prefix}{number}";

    protected override void PreStart() => Context.Spawn(PrepareAsync);

    protected override void PostStop() => Close();

    protected override void PreRestart(Exception reason, object? message) => Close();

    private void Preparing()
    {
        Receive<LeaveGroup>(_ => Context.Stop(Self));
        Receive<ServePartitions>(serve => _memory.Served = serve.Count);
        Receive<ParticipantFault>(_ => Sender?.Tell(FaultAnswer.Missed($"{NameOf(_number)} is not at work yet"), Self));
        Receive<Undo>(_ => Sender?.Tell(FaultAnswer.Missed($"{NameOf(_number)} is another one by now"), Self));
        Receive<BehaveNormally>(_ => { });
    }

    private void Working()
    {
        Receive<MemberIdClaimed>(BelongToGroup);
        Receive<UnitsGranted>(grant => Context.Spawn(() => TakeOverAsync(grant)));
        Receive<UnitsRevoked>(revoke => Context.Spawn(() => HandOverAsync(revoke)));
        Receive<ServePartitions>(serve => Serve(serve.Count));
        Receive<Fenced>(_ => AbandonEverything());
        Receive<ExtendDeadlines>(_ => KeepDeadlinesAlive());
        Receive<LeaveGroup>(leave => _member!.Tell(leave, Self));
        Receive<LeftGroup>(_ => Context.Stop(Self));
        Receive<LeaderElected>(elected => Context.Parent!.Tell(elected, Self));
        Receive<RebalanceStarted>(started => Context.Parent!.Tell(started, Self));
        Receive<RebalanceCompleted>(completed => Context.Parent!.Tell(completed, Self));
        Receive<SlowWorker>(SlowDown);
        Receive<JumpClock>(jump =>
        {
            FaultAnswer answer = JumpClock(jump.By);
            Sender?.Tell(answer, Self);
        });
        Receive<LoseAcks>(_ => LoseAcks());
        Receive<Undo>(Undo);
        Receive<BehaveNormally>(_ => Recover(ofSlowness: true, ofLosingAcks: true));
    }

    private async ActorTask PrepareAsync()
    {
        string name = NameOf(_number);
        int incarnation = Incarnations.Next(_services.History, name);
        _history = _services.History.Create(name, ParticipantKind.Worker);
        _history.Started(Context.Now, incarnation);
        _connection = await _services.Connector.ConnectAsync(name);
        _consumers = new UnitConsumers(_connection, _run, _topology);
        var bucket = new GroupBucket(_connection, _topology.BucketPrefix, _run.Stream.Replicas);
        _member = Context.ActorOf(GroupMember.Props(bucket, _run.Group, Plan, _number, clock: _clock), "member");
        Become(Working);
    }

    // ---- what is owned

    private GroupPlan Plan => new(_topology.Layout.UnitWeights, _run.Strategy) { Units = _topology.Layout.UnitsFor(_memory.Served) };

    private IEnumerable<int> PartitionsOf(int unit) => _topology.Layout.Units[unit].Partitions.Where(partition => partition < _memory.Served);

    /// <summary>A unit that is owned already may have more partitions from now on; others are for the group to share out.</summary>
    private void Serve(int count)
    {
        int before = _memory.Served;
        _memory.Served = count;
        foreach ((int unit, long version) in _owned)
        {
            foreach (int partition in PartitionsOf(unit).Where(partition => partition >= before))
            {
                _history!.OwnershipStarted(Context.Now, partition, version);
            }
        }

        _member!.Tell(Plan, Self);
        TellOwned();
    }

    private void BelongToGroup(MemberIdClaimed claimed)
    {
        _id = claimed.Id;
        _lease = claimed.Lease;
        _history!.Note(Context.Now, $"member {claimed.Id}");
        Context.Parent!.Tell(new JoinedGroup(_number, claimed.Id), Self);
    }

    private async ActorTask TakeOverAsync(UnitsGranted grant)
    {
        foreach (int unit in grant.Units)
        {
            _owned[unit] = grant.Version;
            foreach (int partition in PartitionsOf(unit))
            {
                _history!.OwnershipStarted(Context.Now, partition, grant.Version);
            }
        }

        foreach (Consumption consumption in await _consumers.AddAsync(grant.Units, _id))
        {
            Context.Spawn(() => PullAsync(consumption));
        }

        TellOwned();
    }

    private async ActorTask HandOverAsync(UnitsRevoked revoke)
    {
        int life = _life;
        await _consumers.StopPullingAsync(revoke.Units, _id);
        await FinishOrReleaseAsync(revoke.Units);
        if (life != _life)
        {
            return;
        }

        foreach (int unit in revoke.Units)
        {
            EndOwnership(unit);
        }

        await Context.BuggifyDelay("worker.hand-over-late", ReleasePatience, rarelyMet: true);
        if (life == _life)
        {
            _member!.Tell(new UnitsReleased(revoke.Units), Self);
            TellOwned();
        }
    }

    private async ActorTask FinishOrReleaseAsync(ImmutableArray<int> units)
    {
        // Of the hold that ends, whatever becomes of the lease; and looked through anew each time, because what has come and waits unread may be of
        // partitions of which nothing came before.
        ImmutableArray<(int Unit, Consumption? Consumption)> ending = [.. units.Select(unit => (unit, _consumers.Of(unit)))];
        IEnumerable<PartitionQueue> queues = ending.SelectMany(pair => QueuesOf(pair.Unit, pair.Consumption));
        TimeSpan deadline = Context.Uptime + (Context.Buggify("worker.release-unfinished", rarelyMet: true) ? TimeSpan.Zero : ReleasePatience);
        while (queues.Any(queue => !queue.IsIdle) && Context.Uptime < deadline)
        {
            await Context.Delay(PollInterval);
        }

        foreach (PartitionQueue queue in queues)
        {
            Release(queue);
        }
    }

    /// <summary>The lease is gone: somebody else may own everything by now, so nothing that is in a handler counts any more.</summary>
    private void AbandonEverything()
    {
        _life++;
        foreach (Consumption consumption in _consumers.Drop())
        {
            foreach (PartitionQueue queue in consumption.Queues)
            {
                Release(queue);
            }

            Context.Spawn(consumption.Subscription.StopAsync);
        }

        foreach (int unit in _owned.Keys.ToArray())
        {
            EndOwnership(unit);
        }

        _member!.Tell(new HoldingNothing(), Self);
        TellOwned();
    }

    private void EndOwnership(int unit)
    {
        if (!_owned.Remove(unit, out long version))
        {
            return;
        }

        _consumers.Remove(unit);
        foreach (int partition in PartitionsOf(unit))
        {
            _history!.OwnershipEnded(Context.Now, partition, version);
        }
    }

    private IEnumerable<PartitionQueue> QueuesOf(int unit, Consumption? consumption) =>
        consumption is null ? [] : _topology.Layout.Units[unit].Partitions.Select(consumption.QueueOf).OfType<PartitionQueue>();

    // ---- what is delivered

    private async ActorTask PullAsync(Consumption consumption)
    {
        while (true)
        {
            PullItem item = await consumption.Subscription.NextAsync();
            if (item.Delivery is { } delivery)
            {
                Accept(consumption, delivery);
            }
            else if (item.End == PullEnd.Stopped)
            {
                return;
            }
            else
            {
                await HealAsync(consumption, item);
            }

            await Context.BuggifyDelay("worker.reads-late", PollInterval * 10);
            while (consumption.IsFull)
            {
                await consumption.WhenSettledAsync();
            }
        }
    }

    private void Accept(Consumption consumption, Delivery delivery)
    {
        InspectedMessage message = _inspector.Inspect(delivery.Subject, delivery.Headers, delivery.Payload);
        _history!.Delivered(Context.Now, message.Id, delivery.StreamSequence, delivery.ConsumerSequence, delivery.DeliveryCount, message.IntendedAt, message.Faults);
        if (message.Id.IsNone)
        {
            // Nobody can say which message it is, so there is nothing to process; the record tells, and it must not come again for ever.
            delivery.Terminate();
            delivery.Dispose();
            return;
        }

        if (Context.IsPlanted(PlantedBugs.AckBeforeProcessing))
        {
            delivery.Ack();
        }

        var held = new HeldDelivery(delivery, message.Id, Context.Uptime);
        consumption.Take();
        LookAfterDeadlines();
        if (consumption.QueueOf(message.Id.Partition) is not { } queue)
        {
            queue = new PartitionQueue(consumption, HandleAsync);
            consumption.Add(message.Id.Partition, queue);
        }

        if (consumption.Abandoned)
        {
            GiveBack(queue, held);
            return;
        }

        bool wasIdle = queue.IsIdle;
        queue.Waiting.Enqueue(held);
        if (wasIdle)
        {
            Context.Spawn(queue.Handler);
        }
    }

    private async ActorTask HandleAsync(PartitionQueue queue)
    {
        while (queue.Waiting.TryDequeue(out HeldDelivery held))
        {
            queue.InHand = held;
            TimeSpan delay = _run.Workload.Options.ProcessingDelay.Next(Context.Random);
            if (delay > TimeSpan.Zero)
            {
                await Context.Delay(delay * (_slow?.Value ?? 1));
                _slow?.Bite($"{NameOf(_number)} took {_slow.Value:0.#} times {delay.TotalMilliseconds:0.#} ms for {held.Message}");
            }

            await Context.BuggifyDelay("worker.handler-slow", TimeSpan.FromSeconds(1));

            // Released meanwhile: the message was given back, and what this handler did does not count.
            if (queue.InHand != held)
            {
                return;
            }

            queue.InHand = null;
            if (_lease.IsTrustedAt(Context.Uptime))
            {
                Finish(queue, held);
            }
            else
            {
                GiveBack(queue, held);
            }
        }
    }

    private void Finish(PartitionQueue queue, in HeldDelivery held)
    {
        ulong streamSequence = held.Delivery.StreamSequence;
        _history!.Processed(Context.Now, held.Message, streamSequence, held.Delivery.DeliveryCount);
        Acknowledge(held);
        _history.AckSent(Context.Now, held.Message, streamSequence);
        held.Delivery.Dispose();
        queue.Consumption.Settled();
    }

    private void Acknowledge(in HeldDelivery held)
    {
        if (_losesAcks is null)
        {
            held.Delivery.Ack();
        }
        else
        {
            _losesAcks.Bite($"the acknowledgement of {held.Message} by {NameOf(_number)} was not sent");
        }
    }

    /// <summary>Gives back what has not been processed; it is delivered again, to whoever pulls.</summary>
    private void Release(PartitionQueue queue)
    {
        if (queue.InHand is { } inHand)
        {
            queue.InHand = null;
            GiveBack(queue, inHand);
        }

        while (queue.Waiting.TryDequeue(out HeldDelivery held))
        {
            GiveBack(queue, held);
        }
    }

    /// <summary>Without a lease it may be somebody else's by now, who would get it twice: then the deadline brings it back, if nobody has it.</summary>
    private void GiveBack(PartitionQueue queue, in HeldDelivery held)
    {
        if (_lease.IsTrustedAt(Context.Uptime))
        {
            held.Delivery.Nak();
            _history!.NakSent(Context.Now, held.Message, held.Delivery.StreamSequence);
        }

        held.Delivery.Dispose();
        queue.Consumption.Settled();
    }

    private void LookAfterDeadlines()
    {
        if (!Timers.IsTimerActive(typeof(ExtendDeadlines)))
        {
            Timers.StartPeriodicTimer(typeof(ExtendDeadlines), new ExtendDeadlines(), _run.Consuming.AckWait / 3);
        }
    }

    /// <summary>Who holds nothing has no deadlines, and does not look until something comes.</summary>
    private void KeepDeadlinesAlive()
    {
        if (_consumers.All.All(consumption => consumption.Held == 0))
        {
            Timers.Cancel(typeof(ExtendDeadlines));
            return;
        }

        TimeSpan old = Context.Uptime - (_run.Consuming.AckWait / 3);
        foreach (Consumption consumption in _consumers.All)
        {
            // Who holds as much as he may reads no further, and what came beside that waits.
            consumption.Subscription.ExtendUnread();
            if (consumption.Held > 0)
            {
                ExtendHeld(consumption, old);
            }
        }
    }

    private static void ExtendHeld(Consumption consumption, TimeSpan receivedBy)
    {
        foreach (PartitionQueue queue in consumption.Queues)
        {
            if (queue.InHand is { } inHand && inHand.ReceivedAt <= receivedBy)
            {
                inHand.Delivery.InProgress();
            }

            foreach (HeldDelivery held in queue.Waiting.Where(held => held.ReceivedAt <= receivedBy))
            {
                held.Delivery.InProgress();
            }
        }
    }

    /// <summary>
    /// The consumer is gone or refuses. That is written down; one that is gone is made again and delivers everything anew, because nobody
    /// knows where it stood; one that refuses is asked again after a pause.
    /// </summary>
    private async ActorTask HealAsync(Consumption consumption, PullItem end)
    {
        if (end.End is PullEnd.ConsumerDeleted or PullEnd.Conflict && Context.IsPlanted(PlantedBugs.FetchStallsAfterConflict))
        {
            return;
        }

        string consumer = consumption.Subscription.Consumer;
        _history!.Note(Context.Now, $"pull of {consumer} ended: {end.End} {end.Text}");
        if (await TryMakeAgainAsync(consumption))
        {
            _history.Note(Context.Now, $"{consumer} was gone and has been made again");
            Context.System.Log.Write(LogLevel.Warning, "", $"Consumer {consumer} was gone; {NameOf(_number)} made it again, and it delivers everything anew");
        }
        else
        {
            await Context.Delay(PauseAfterEnd);
        }

        consumption.Subscription.Resume();
    }

    private async ActorTask<bool> TryMakeAgainAsync(Consumption consumption)
    {
        try
        {
            return !consumption.Abandoned && await _consumers.MakeAgainAsync(consumption, _id);
        }
        catch (JetStreamException refusal)
        {
            _history!.Note(Context.Now, $"{consumption.Subscription.Consumer} cannot be made again: {refusal.Message}");
            return false;
        }
    }

    // ---- what is done to it on purpose

    private void SlowDown(SlowWorker slow)
    {
        if (_run.Workload.Options.ProcessingDelay.Max == TimeSpan.Zero)
        {
            Sender?.Tell(FaultAnswer.Missed("processing takes no time, and no multiple of it does"), Self);
            return;
        }

        _slow?.End();
        _slow = new Handicap<double>(slow.Factor, Sender);
    }

    private void LoseAcks()
    {
        _losesAcks?.End();
        _losesAcks = new Handicap<bool>(true, Sender);
    }

    private void Undo(Undo undo)
    {
        // By itself, because without a sender nothing to the right of a question mark is evaluated.
        FaultAnswer answer = Recover(undo.Fault is SlowWorker, undo.Fault is LoseAcks);
        Sender?.Tell(answer, Self);
    }

    private FaultAnswer JumpClock(TimeSpan by)
    {
        TimeSpan before = _lease?.TrustedFor(Context.Uptime) ?? TimeSpan.Zero;
        if (before <= TimeSpan.Zero)
        {
            return FaultAnswer.Missed($"{NameOf(_number)} has no lease");
        }

        _clock.Jump(by);
        TimeSpan after = _lease!.TrustedFor(Context.Uptime);
        return FaultAnswer.Proven($"the lease of {_id} was trusted for {before.TotalSeconds:0.0} s more, and now "
            + (after > TimeSpan.Zero ? $"for {after.TotalSeconds:0.0} s" : $"has been over for {-after.TotalSeconds:0.0} s"));
    }

    private FaultAnswer Recover(bool ofSlowness, bool ofLosingAcks)
    {
        bool had = (ofSlowness && _slow is not null) || (ofLosingAcks && _losesAcks is not null);
        if (ofSlowness)
        {
            _slow?.End();
            _slow = null;
        }

        if (ofLosingAcks)
        {
            _losesAcks?.End();
            _losesAcks = null;
        }

        return had ? FaultAnswer.Proven($"{NameOf(_number)} works as ever") : FaultAnswer.Missed($"nothing was wrong with {NameOf(_number)} any more");
    }

    private void TellOwned() => Context.Parent!.Tell(new PartitionsOwned(NameOf(_number), [.. _owned.Keys.SelectMany(PartitionsOf)]), Self);

    private void Close()
    {
        _history?.Dispose();
        _connection?.Abort();
    }

    private sealed record ExtendDeadlines;
}
