using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <content>What is done to participants on purpose: each order is answered with what was seen.</content>
public sealed partial class Coordinator
{
    /// <summary>For a participant to be gone, after it was told to leave in order.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromMinutes(1);

    /// <summary>For one that is away to take part again, or for a leader that is at work: both take a lease's time, or two.</summary>
    private static readonly TimeSpan ReturnPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LeaderPoll = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PauseAfterLoss = TimeSpan.FromSeconds(1);

    /// <summary>Members of the group, by number of their worker.</summary>
    private readonly SortedDictionary<int, MemberId> _members = [];

    /// <summary>Workers that were ended and are started again by a timer.</summary>
    private readonly SortedSet<int> _comingBack = [];

    private readonly HashSet<int> _producersComingBack = [];

    /// <summary>How the process of a participant was last seen to end.</summary>
    private readonly Dictionary<string, string> _losses = new(StringComparer.Ordinal);

    /// <summary>Workers that were told to leave in order and have not ended yet.</summary>
    private readonly HashSet<int> _leaving = [];

    /// <summary>Names of those that are being ended without a good-bye.</summary>
    private readonly HashSet<string> _ending = new(StringComparer.Ordinal);

    /// <summary>What workers are ordered to suffer until it is undone.</summary>
    private readonly HashSet<ParticipantFault> _standingOrders = new(ReferenceEqualityComparer.Instance);

    /// <summary>Since when a worker stands still.</summary>
    private readonly SortedDictionary<int, TimeSpan> _paused = [];

    /// <summary>The highest number that any worker has had.</summary>
    private int _highestWorker = -1;

    private void ReceiveFaults()
    {
        OnFault<CrashWorker>(CrashWorkerAsync);
        OnFault<CrashLeader>(CrashLeaderAsync);
        OnFault<CrashProducer>(CrashProducerAsync);
        OnFault<RestartWorker>(RestartWorkerAsync);
        OnFault<ScaleWorkers>(scale => ScaleAsync(scale.Count));
        OnFault<ScaleWorkersBy>(scale => ScaleAsync(Math.Max(1, Staff.Count + scale.Change)));
        OnFault<ChangePartitionsBy>(change => ChangePartitionsAsync(change.Change));
        OnFault<DeleteConsumer>(delete => OnServerAsync(() => DeleteConsumerAsync(delete)));
        OnFault<DeleteLease>(delete => OnServerAsync(() => DeleteLeaseAsync(delete)));
        OnFault<DeleteLeadership>(_ => OnServerAsync(DeleteLeadershipAsync));
        OnFault<DeleteGroupBucket>(_ => OnServerAsync(DeleteGroupBucketAsync));
        OnFault<PauseWorker>(PauseAsync);
        On<SlowWorker>(slow => ToWorker(slow.Number, slow, stands: true));
        On<JumpClock>(jump => ToWorker(jump.Number, jump, stands: false));
        On<LoseAcks>(lose => ToWorker(lose.Number, lose, stands: true));
        On<PublishDuplicate>(duplicate => PassOn(_producers, duplicate.Number, Producer.NameOf(duplicate.Number), duplicate));
        On<Undo>(Undo);
    }

    /// <summary>A method, so that what is answered is done also when nobody asked: nothing to the right of a question mark would be.</summary>
    private void Answer(FaultAnswer answer) => Sender?.Tell(answer, Self);

    private void OnFault<T>(Func<T, ActorTask<FaultAnswer>> inject) where T : ParticipantFault => On<T>(fault =>
    {
        IActorRef? asker = Sender;
        Context.Spawn(async () =>
        {
            FaultAnswer answer = await TryAsync(() => inject(fault));
            asker?.Tell(answer, Self);
        });
    });

    private async ActorTask<FaultAnswer> TryAsync(Func<ActorTask<FaultAnswer>> inject)
    {
        if (_phase > RunPhase.Running)
        {
            return FaultAnswer.Missed("the run does not send any more");
        }

        try
        {
            return await inject();
        }
        catch (JetStreamException refusal)
        {
            return FaultAnswer.Missed($"the server did not do it: {refusal.Message}");
        }
    }

    /// <summary>One that is away, or has just come back, is waited for: it was ended with its process, or by what happened before.</summary>
    /// <returns>Whether it takes part now.</returns>
    private async ActorTask<bool> TakesPartAsync(int number)
    {
        await _conditions.UntilAsync(Context, () => _members.ContainsKey(number) || !IsExpected(number) || _phase > RunPhase.Running, ReturnPatience);
        return _members.ContainsKey(number) && _phase <= RunPhase.Running;
    }

    private bool IsExpected(int number) => (_workers.ContainsKey(number) && !_leaving.Contains(number)) || _comingBack.Contains(number);

    // ---- crashes

    private async ActorTask<FaultAnswer> CrashWorkerAsync(CrashWorker crash)
    {
        string name = Worker.NameOf(crash.Number);
        if (_ending.Contains(name))
        {
            return await EndsWithItsProcessAsync(name);
        }

        if (!await TakesPartAsync(crash.Number))
        {
            return FaultAnswer.Missed($"{name} is not at work");
        }

        int owned = _owned.Of(name);
        int[] victims = [.. _workerHost.TogetherWith(crash.Number).Where(_workers.ContainsKey)];
        int[] successors = crash.UnderNewNumber ? [.. victims.Select(_ => ++_highestWorker)] : victims;
        _comingBack.UnionWith(victims);
        string? how = await KillAsync(_workerHost, _workers, crash.Number, victims);
        _comingBack.ExceptWith(victims);
        foreach (int victim in victims.Except(successors))
        {
            _history.Dismissed(Context.Now, Worker.NameOf(victim));
        }

        foreach (int successor in successors)
        {
            _history.Launched(Context.Now, Worker.NameOf(successor));
            _comingBack.Add(successor);
            BringBack(Worker.NameOf(successor), new BringBackWorker(successor), crash.ComeBackAfter);
        }

        return how is null
            ? FaultAnswer.Missed($"{name} was going already")
            : FaultAnswer.Proven($"{string.Join(", ", victims.Select(Worker.NameOf))} ended; {name} owned {owned} partitions; {how}");
    }

    private async ActorTask<FaultAnswer> CrashLeaderAsync(CrashLeader crash)
    {
        TimeSpan deadline = Context.Uptime + ReturnPatience;
        string whyNot = "nobody holds the leader's lease";
        while (Context.Uptime < deadline && _phase <= RunPhase.Running)
        {
            if (await GroupBuckets.ReadLeaderAsync(await GroupBucketAsync()) is { } leader)
            {
                int[] numbers = [.. _members.Where(member => member.Value == leader.Member.Id).Select(member => member.Key)];
                if (numbers is [int number])
                {
                    FaultAnswer answer = await CrashWorkerAsync(new CrashWorker(number, crash.ComeBackAfter));
                    return answer with { Text = $"{leader.Member} held the leader's lease in epoch {leader.Epoch}: {answer.Text}" };
                }

                // One that ended holds it until it runs out.
                whyNot = $"the leader's lease is held by {leader.Member}, which is not at work";
            }

            await Context.Delay(LeaderPoll);
        }

        return FaultAnswer.Missed(whyNot);
    }

    private async ActorTask<FaultAnswer> EndsWithItsProcessAsync(string name) =>
        await _conditions.UntilAsync(Context, () => !_ending.Contains(name), LeavePatience)
            ? FaultAnswer.Proven($"{name} ended with the process that it shares")
            : FaultAnswer.Missed($"{name} did not end");

    private async ActorTask<FaultAnswer> CrashProducerAsync(CrashProducer crash)
    {
        string name = Producer.NameOf(crash.Number);
        if (_ending.Contains(name))
        {
            return await EndsWithItsProcessAsync(name);
        }

        await _conditions.UntilAsync(Context, () => _readyProducers.Contains(crash.Number) || _phase > RunPhase.Running, ReturnPatience);
        if (!_producers.ContainsKey(crash.Number))
        {
            return FaultAnswer.Missed($"{name} is not at work");
        }

        int[] victims = [.. _producerHost.TogetherWith(crash.Number).Where(_producers.ContainsKey)];
        _producersComingBack.UnionWith(victims);
        string? how = await KillAsync(_producerHost, _producers, crash.Number, victims);
        foreach (int victim in victims)
        {
            BringBack(Producer.NameOf(victim), new BringBackProducer(victim), crash.ComeBackAfter);
        }

        return how is null
            ? FaultAnswer.Missed($"{name} was going already")
            : FaultAnswer.Proven($"{string.Join(", ", victims.Select(Producer.NameOf))} ended; {how}");
    }

    /// <returns>How they ended, in words; null when they did not.</returns>
    private async ActorTask<string?> KillAsync(IParticipantHost host, SortedDictionary<int, IActorRef> participants, int number, int[] victims)
    {
        IActorRef participant = participants[number];
        HashSet<IActorRef> going = [.. victims.Select(victim => participants[victim])];
        string[] names = [.. going.Select(victim => victim.Name)];
        _losses.Remove(participant.Name);
        _ending.UnionWith(names);
        string? how = host.Kill(Context, participant, number);
        bool gone = await _conditions.UntilAsync(Context, () => !participants.Values.Any(going.Contains), LeavePatience);
        _ending.ExceptWith(names);
        return gone ? _losses.GetValueOrDefault(participant.Name) ?? how : null;
    }

    private void NoteLoss(ParticipantLost lost) => _losses[lost.Participant] = lost.How;

    /// <summary>Nobody asked for its end: its process died, or it failed too often.</summary>
    private void BringBackAfterLoss(string name, object launch)
    {
        Context.System.Log.Write(LogLevel.Warning, "", $"{name} ended unexpectedly ({_losses.GetValueOrDefault(name) ?? "it failed too often"}); it is started again");
        _history.Note(Context.Now, $"{name} ended unexpectedly");
        BringBack(name, launch, PauseAfterLoss);
    }

    private void BringBack(string name, object launch, TimeSpan after) =>
        Timers.StartSingleTimer(name, launch, _phase > RunPhase.Running ? TimeSpan.Zero : after);

    // ---- leaving and joining in order

    /// <summary>Numbers of the workers that are to be there: those at work, and those that come back.</summary>
    private SortedSet<int> Staff => [.. _workers.Keys.Except(_leaving), .. _comingBack];

    private async ActorTask<FaultAnswer> RestartWorkerAsync(RestartWorker restart)
    {
        string name = Worker.NameOf(restart.Number);
        if (!await TakesPartAsync(restart.Number))
        {
            return FaultAnswer.Missed($"{name} is not at work");
        }

        IActorRef worker = _workers[restart.Number];
        TimeSpan begun = Context.Uptime;
        _comingBack.Add(restart.Number);
        Dismiss(restart.Number);
        bool left = await _conditions.UntilAsync(Context, () => !_workers.ContainsValue(worker), LeavePatience);
        LaunchWorker(restart.Number);
        return left
            ? FaultAnswer.Proven($"{name} left in order within {(Context.Uptime - begun).TotalSeconds:0.0} s and was started again")
            : FaultAnswer.Missed($"{name} did not leave within {LeavePatience.TotalSeconds:0} s");
    }

    /// <summary>The lowest free numbers come, the highest go.</summary>
    private async ActorTask<FaultAnswer> ScaleAsync(int count)
    {
        SortedSet<int> staff = Staff;
        int before = staff.Count;
        for (int number = 0; staff.Count < count; number++)
        {
            if (!_workers.ContainsKey(number) && staff.Add(number))
            {
                LaunchWorker(number);
            }
        }

        while (staff.Count > count)
        {
            int last = staff.Max;
            staff.Remove(last);
            _history.Dismissed(Context.Now, Worker.NameOf(last));
            Dismiss(last);
        }

        bool done = await _conditions.UntilAsync(Context, () => _leaving.Count == 0, LeavePatience);
        return before == count ? FaultAnswer.Missed($"there are {count} workers already")
            : done ? FaultAnswer.Proven($"from {before} to {count} workers")
            : FaultAnswer.Missed($"{string.Join(", ", _leaving.Select(Worker.NameOf))} did not leave within {LeavePatience.TotalSeconds:0} s");
    }

    private void Dismiss(int number)
    {
        if (_workers.TryGetValue(number, out IActorRef? worker))
        {
            _leaving.Add(number);
            worker.Tell(new LeaveGroup(), Self);
        }
        else
        {
            _comingBack.Remove(number);
            Timers.Cancel(Worker.NameOf(number));
        }
    }

    // ---- what workers and producers do to themselves

    private async ActorTask<FaultAnswer> PauseAsync(PauseWorker pause)
    {
        int number = pause.Number;
        string name = Worker.NameOf(number);
        if (_paused.ContainsKey(number))
        {
            return _workerHost.TogetherWith(number).Count() > 1
                ? FaultAnswer.Proven($"{name} stands still with the process that it shares")
                : FaultAnswer.Missed($"{name} stands still already");
        }

        if (!await TakesPartAsync(number))
        {
            return FaultAnswer.Missed($"{name} is not at work");
        }

        if (_workerHost.Pause(Context, _workers[number], number) is not { } how)
        {
            return FaultAnswer.Missed($"{name} could not be stopped");
        }

        int[] still = [.. _workerHost.TogetherWith(number).Where(_workers.ContainsKey)];
        foreach (int one in still)
        {
            _paused[one] = Context.Uptime;
        }

        return FaultAnswer.Proven($"{string.Join(", ", still.Select(Worker.NameOf))} stands still with {still.Sum(one => _owned.Of(Worker.NameOf(one)))} partitions; {how}");
    }

    /// <param name="number">Of the worker.</param>
    /// <param name="order">What it is to do.</param>
    /// <param name="stands">Until it is undone; whoever comes back under that number meanwhile gets it, too, because nobody may have felt it yet.</param>
    private void ToWorker(int number, ParticipantFault order, bool stands)
    {
        IActorRef? asker = Sender;
        _standingOrders.Add(order);
        Context.Spawn(async () =>
        {
            IActorRef? told = null;
            while ((told is null || stands) && await TakesPartAsync(number) && _standingOrders.Contains(order))
            {
                told = _workers[number];
                told.Tell(order, asker);
                await _conditions.UntilAsync(Context, () => !stands || !_workers.ContainsValue(told) || !_standingOrders.Contains(order), _run.Duration);
            }

            _standingOrders.Remove(order);
            if (told is null || !_workers.ContainsValue(told))
            {
                asker?.Tell(FaultAnswer.Missed($"{Worker.NameOf(number)} is not at work"), Self);
            }
        });
    }

    private void UndoAtWorker(int number, Undo undo)
    {
        _standingOrders.Remove(undo.Fault);
        PassOn(_workers, number, Worker.NameOf(number), undo);
    }

    /// <summary>The participant answers the asker itself.</summary>
    private void PassOn(SortedDictionary<int, IActorRef> participants, int number, string name, object order)
    {
        if (participants.TryGetValue(number, out IActorRef? participant))
        {
            participant.Tell(order, Sender);
        }
        else
        {
            Answer(FaultAnswer.Missed($"{name} is not at work"));
        }
    }

    // ---- what is deleted on the server

    /// <summary>One that was ended by what happened before is waited for.</summary>
    private async ActorTask<FaultAnswer> OnServerAsync(Func<ActorTask<FaultAnswer>> delete)
    {
        await _connection.WhenConnectedAsync();
        return await TryAsync(delete);
    }

    private async ActorTask<FaultAnswer> DeleteConsumerAsync(DeleteConsumer delete)
    {
        int unit = _topology.Layout.UnitOf(delete.Partition).Id;
        AssignmentDocument? assignment = await GroupBuckets.ReadAssignmentAsync(await GroupBucketAsync());
        string consumer = _topology.Layout.ConsumerName(unit, assignment?.Units.ElementAtOrDefault(unit)?.Owner.Id ?? default);
        ConsumerInfo? before = await _connection.GetConsumerAsync(_topology.Stream, consumer);
        return before is not null && await _connection.DeleteConsumerAsync(_topology.Stream, consumer)
            ? FaultAnswer.Proven($"consumer {consumer} was deleted with {before.Pending} messages to deliver and {before.AckPending} to be acknowledged")
            : FaultAnswer.Missed($"there is no consumer {consumer}");
    }

    private async ActorTask<FaultAnswer> DeleteLeaseAsync(DeleteLease delete)
    {
        if (!await TakesPartAsync(delete.Number) || !_members.TryGetValue(delete.Number, out MemberId member))
        {
            return FaultAnswer.Missed($"{Worker.NameOf(delete.Number)} is no member of the group");
        }

        return await GroupBuckets.DeleteLeaseAsync(await GroupBucketAsync(), member) is { } revision
            ? FaultAnswer.Proven($"the lease of {member} was deleted at revision {revision}")
            : FaultAnswer.Missed($"{member} has no lease");
    }

    private async ActorTask<FaultAnswer> DeleteLeadershipAsync() =>
        await GroupBuckets.DeleteLeadershipAsync(await GroupBucketAsync()) is { } leader
            ? FaultAnswer.Proven($"the leader's lease was deleted, which {leader.Member} held in epoch {leader.Epoch}")
            : FaultAnswer.Missed("nobody holds the leader's lease");

    private async ActorTask<FaultAnswer> DeleteGroupBucketAsync() =>
        await GroupBuckets.DeleteAsync(_connection, _topology.BucketPrefix)
            ? FaultAnswer.Proven($"bucket {GroupBuckets.NameOf(_topology.BucketPrefix)} was deleted with the leases of {_members.Count} members")
            : FaultAnswer.Missed($"there is no bucket {GroupBuckets.NameOf(_topology.BucketPrefix)}");

    private async ActorTask<IKeyValueBucket> GroupBucketAsync() =>
        await GroupBuckets.OpenAsync(_connection, _topology.BucketPrefix)
        ?? throw new JetStreamUnavailableException($"there is no bucket {GroupBuckets.NameOf(_topology.BucketPrefix)}");

    // ---- and undone

    private void Undo(Undo undo)
    {
        switch (undo.Fault)
        {
            case PauseWorker pause:
                Answer(GoOn(pause.Number));
                break;
            case SlowWorker slow:
                UndoAtWorker(slow.Number, undo);
                break;
            case LoseAcks lose:
                UndoAtWorker(lose.Number, undo);
                break;
            case CrashWorker or CrashLeader or CrashProducer:
                BringEverybodyBack();
                Answer(FaultAnswer.Proven("whoever was away has been started"));
                break;
            default:
                Answer(FaultAnswer.Missed("it does not last, so there is nothing to undo"));
                break;
        }
    }

    private FaultAnswer GoOn(int number)
    {
        string name = Worker.NameOf(number);
        if (!_paused.Remove(number, out TimeSpan since))
        {
            return FaultAnswer.Missed($"{name} does not stand still");
        }

        _workerHost.Resume(Context, _workers[number], number);
        foreach (int one in _workerHost.TogetherWith(number))
        {
            _paused.Remove(one);
        }

        return FaultAnswer.Proven($"{name} goes on after {(Context.Uptime - since).TotalSeconds:0.0} s");
    }

    /// <summary>The end of sending: from here on everything works as well as it can.</summary>
    private void UndoEverything()
    {
        while (_paused.Count > 0)
        {
            GoOn(_paused.Keys.First());
        }

        _standingOrders.Clear();
        foreach (IActorRef worker in _workers.Values)
        {
            worker.Tell(new BehaveNormally(), Self);
        }

        BringEverybodyBack();
    }

    private void BringEverybodyBack()
    {
        foreach (int number in _comingBack.Where(number => !_workers.ContainsKey(number)).ToArray())
        {
            Timers.Cancel(Worker.NameOf(number));
            LaunchWorker(number);
        }

        for (int number = 0; _sendingSince is not null && number < _run.Workload.Options.Producers.Count; number++)
        {
            Timers.Cancel(Producer.NameOf(number));
            LaunchProducer(number);
        }
    }
}
