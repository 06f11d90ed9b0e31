using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>
/// A pull consumer: who waits, what comes next, what is owed. What is due again goes before what is new, and the pulls that wait take turns.
/// </summary>
internal sealed class ModelConsumer : Dated
{
    /// <summary>From here on, a message that was delivered often enough is given up when its time is over, and not when the next pull comes.</summary>
    private static readonly Version GivesUpAtOnce = new(2, 10);

    /// <summary>From here on, what lies before its beginning counts as acknowledged from the first moment.</summary>
    private static readonly Version FloorAtBeginning = new(2, 15);

    private readonly ModelStream _stream;
    private readonly ServerClock _clock;
    private readonly Agenda _agenda;
    private readonly Version _version;
    private readonly StateFile _file;
    private readonly LinkedList<WaitingPull> _waiting = new();

    /// <summary>Of what is owed, and of much that is not owed any more.</summary>
    private readonly DateHeap<ulong> _deadlines = new();
    private readonly Queue<ulong> _again = new();

    /// <summary>Matching and not yet delivered; some of them may be gone from the stream.</summary>
    private readonly Queue<LogEntry> _coming = new();
    private long _gone;

    /// <summary>With <see cref="DeliverPolicy.LastPerSubject"/>: of what was there at first, only these are delivered.</summary>
    private HashSet<ulong>? _lastOfEach;
    private ulong _firstLater;

    private DeliveryState _state = new();
    private DateTimeOffset _usedAt;

    public ModelConsumer(ModelStream stream, ConsumerConfig config, ServerClock clock, Agenda agenda, ModelServerOptions options)
    {
        _stream = stream;
        _clock = clock;
        _agenda = agenda;
        _version = options.Version;
        _usedAt = clock.Now;
        Config = config;
        Filters = ConsumerRules.FiltersOf(config);
        Created = clock.Now;
        FindBeginning();
        _file = new StateFile(options.ConsumerFlushDelay, _state);
        Plan();
    }

    public ConsumerConfig Config { get; private set; }

    /// <summary>The name of its stream.</summary>
    public string Stream => _stream.Config.Name;

    public ImmutableArray<string> Filters { get; private set; }

    public DateTimeOffset Created { get; }

    public ConsumerInfo Info => new(
        _stream.Config.Name, Config, Created, _state.Position - 1, _state.NextConsumerSequence - 1, _state.FloorStreamSequence,
        _state.Owed.Count, _state.Redelivered.Count, _waiting.Count, Pending, _stream.LeaderName);

    private long Pending => _coming.Count - _gone;

    private bool OwesAcks => Config.AckPolicy != AckPolicy.None;

    public bool Wants(string subject)
    {
        foreach (string filter in Filters)
        {
            if (Subjects.Matches(filter, subject))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a stream that keeps messages for its consumers has to keep this one.</summary>
    public bool StillNeeds(LogEntry entry) =>
        Wants(entry.Subject) && (entry.Sequence >= _state.Position || _state.Owed.ContainsKey(entry.Sequence));

    public void Update(ConsumerConfig config)
    {
        bool otherFilters = !config.FilterSubjects.SequenceEqual(Config.FilterSubjects);
        Config = config;
        if (otherFilters)
        {
            // The position stays: what the new filters match and what lies before it is never seen.
            Filters = ConsumerRules.FiltersOf(config);
            _lastOfEach = null;
            CollectComing();
        }

        Serve();
    }

    public void Pull(FetchRequest request, IPullSink sink)
    {
        _usedAt = _clock.Now;
        if (_waiting.Count >= Config.MaxWaiting)
        {
            sink.End(PullStatus.TooManyWaiting(request.Batch));
            return;
        }

        if (request.NoWait && Pending == 0 && _again.Count == 0)
        {
            sink.End(PullStatus.NoMessages(request.Batch));
            Plan();
            return;
        }

        DateTimeOffset? expires = !request.NoWait && request.Expires > TimeSpan.Zero ? _clock.Now + request.Expires : null;
        _waiting.AddLast(new WaitingPull(request, expires, sink));
        Serve();
    }

    /// <summary>Nobody listens there any more.</summary>
    public void Forget(Predicate<IPullSink> gone)
    {
        for (LinkedListNode<WaitingPull>? node = _waiting.First; node is not null;)
        {
            LinkedListNode<WaitingPull>? next = node.Next;
            if (gone(node.Value.Sink))
            {
                _waiting.Remove(node);
                _usedAt = _clock.Now;
            }

            node = next;
        }

        Plan();
    }

    /// <summary>Ends every pull that waits, because the consumer is no more.</summary>
    public void Close()
    {
        EndPulls(PullStatus.ConsumerDeleted);
        _agenda.Plan(this, null);
    }

    public void EndPulls(Func<int, PullStatus> status)
    {
        foreach (WaitingPull pull in _waiting)
        {
            pull.Sink.End(status(pull.Remaining));
        }

        _waiting.Clear();
    }

    /// <summary>Who knew of the pulls that wait is gone: nobody will say anything.</summary>
    public void Abandon()
    {
        foreach (WaitingPull pull in _waiting)
        {
            pull.Sink.FallSilent();
        }

        _waiting.Clear();
        _agenda.Plan(this, null);
    }

    /// <summary>Whether its stream is served has changed.</summary>
    public void Replan() => Plan();

    public void OnStored(LogEntry entry)
    {
        _coming.Enqueue(entry);
        Serve();
    }

    public void OnRemoved(LogEntry entry)
    {
        if (entry.Sequence >= _state.Position)
        {
            _gone += IsComing(entry.Sequence) ? 1 : 0;
        }
        else if (_state.Owed.ContainsKey(entry.Sequence))
        {
            Changing();
            _state.AcknowledgeOne(entry.Sequence, 0);
            Plan();
        }
    }

    /// <summary>The stream was purged; what this consumer may still get begins there.</summary>
    public void OnPurged(ulong first)
    {
        Changing();
        _state.SkipTo(first);
        CollectDeadlines();
        CollectComing();
        Plan();
    }

    public void Acknowledge(ulong sequence, ulong consumerSequence)
    {
        if (!OwesAcks || sequence >= _state.Position)
        {
            return;
        }

        Changing();
        if (Config.AckPolicy == AckPolicy.All)
        {
            foreach (ulong settled in _state.AcknowledgeUpTo(sequence, consumerSequence))
            {
                _stream.OnAcknowledged(settled);
            }

            CollectDeadlines();
        }
        else
        {
            _state.AcknowledgeOne(sequence, consumerSequence);
            _stream.OnAcknowledged(sequence);
        }

        Serve();
    }

    public void Refuse(ulong sequence, ulong consumerSequence, TimeSpan delay)
    {
        bool isKnown = consumerSequence > _state.FloorConsumerSequence && consumerSequence < _state.NextConsumerSequence;
        if (!isKnown || !_state.Owed.TryGetValue(sequence, out OwedAck owed))
        {
            return;
        }

        Changing();
        if (delay > TimeSpan.Zero)
        {
            Await(sequence, owed.ConsumerSequence, _clock.Now + delay);
        }
        else if (!owed.IsQueued)
        {
            DeliverAgain(sequence, owed);
        }

        Serve();
    }

    public void Extend(ulong sequence)
    {
        if (_state.Owed.TryGetValue(sequence, out OwedAck owed) && !owed.IsQueued)
        {
            Changing();
            Await(sequence, owed.ConsumerSequence, _clock.Now + AckWait(sequence));
            Plan();
        }
    }

    public override void OnDue()
    {
        while (NextDeadline() <= _clock.Now)
        {
            ulong sequence = _deadlines.First.Item;
            Changing();
            if (_version >= GivesUpAtOnce && IsGivenUp(sequence))
            {
                GiveUp(sequence);
            }
            else
            {
                DeliverAgain(sequence, _state.Owed[sequence]);
            }
        }

        ExpirePulls();
        if (Config.InactiveThreshold > TimeSpan.Zero && _waiting.Count == 0 && _clock.Now - _usedAt >= Config.InactiveThreshold)
        {
            _stream.DeleteConsumer(Config.Name);
            return;
        }

        Serve();
    }

    /// <summary>The server has crashed and is back: what had not reached the file is forgotten.</summary>
    /// <param name="crashedAt">When the file was left as it was.</param>
    public void Recover(DateTimeOffset crashedAt)
    {
        Abandon();
        _again.Clear();
        _state = _file.Recover(_state, crashedAt);
        _state.Position = Math.Min(_state.Position, _stream.Log.LastSequence + 1);
        foreach (ulong sequence in _state.Owed.Keys.Where(sequence => _stream.Log.Find(sequence) is null).Order().ToArray())
        {
            _state.AcknowledgeOne(sequence, 0);
        }

        _lastOfEach = null;
        CollectDeadlines();
        CollectComing();
        _usedAt = _clock.Now;
        Plan();
    }

    public void Flush() => _file.Flush(_state);

    /// <summary>Its file is of no use: it begins anew.</summary>
    public void ForgetState()
    {
        _state = new DeliveryState();
        FindBeginning();
        _file.Flush(_state);
    }

    private void FindBeginning()
    {
        MessageLog log = _stream.Log;
        if (Config.DeliverPolicy == DeliverPolicy.LastPerSubject)
        {
            _lastOfEach = [];
            _firstLater = log.LastSequence + 1;
            foreach (LogEntry last in log.LastOfEach())
            {
                if (Wants(last.Subject))
                {
                    _lastOfEach.Add(last.Sequence);
                    _coming.Enqueue(last);
                }
            }

            BeginAt(_coming.TryPeek(out LogEntry? first) ? first.Sequence : _firstLater);
            return;
        }

        ulong position = Config.DeliverPolicy switch
        {
            DeliverPolicy.Last => Filters.Select(log.LastOf).Max(entry => entry?.Sequence) ?? log.LastSequence + 1,
            DeliverPolicy.New => log.LastSequence + 1,
            DeliverPolicy.ByStartSequence => Math.Clamp(Config.StartSequence, Math.Max(1, log.FirstSequence), log.LastSequence + 1),
            _ => Math.Max(1, log.FirstSequence),
        };
        BeginAt(position);
        CollectComing();
    }

    private void BeginAt(ulong position)
    {
        _state.Position = position;
        _state.FloorStreamSequence = _version >= FloorAtBeginning ? position - 1 : 0;
    }

    private void CollectComing()
    {
        _coming.Clear();
        _gone = 0;
        if (Filters is [var only] && Subjects.IsLiteral(only))
        {
            var found = new Stack<LogEntry>();
            for (LogEntry? entry = _stream.Log.LastOf(only); entry is not null && entry.Sequence >= _state.Position; entry = entry.PreviousOfSubject)
            {
                found.Push(entry);
            }

            while (found.TryPop(out LogEntry? next))
            {
                _coming.Enqueue(next);
            }

            return;
        }

        foreach (LogEntry entry in _stream.Log.From(_state.Position))
        {
            if (Wants(entry.Subject))
            {
                _coming.Enqueue(entry);
            }
        }
    }

    private bool IsComing(ulong sequence) => _lastOfEach is null || sequence >= _firstLater || _lastOfEach.Contains(sequence);

    /// <summary>Gives to those who wait what there is, and says when it has to be looked at again.</summary>
    private void Serve()
    {
        while (_waiting.First is { } first)
        {
            if (NextAgain() is { } again)
            {
                ServeTo(first, again, isNew: false);
            }
            else if (NextNew() is { } fresh)
            {
                ServeTo(first, fresh, isNew: true);
            }
            else
            {
                EndThoseWhoDoNotWait();
                break;
            }
        }

        Plan();
    }

    private LogEntry? NextAgain()
    {
        while (_again.TryPeek(out ulong sequence))
        {
            if (_state.Owed.TryGetValue(sequence, out OwedAck owed) && owed.IsQueued)
            {
                if (!IsGivenUp(sequence))
                {
                    return _stream.Log.Find(sequence);
                }

                Changing();
                GiveUp(sequence);
            }

            _again.Dequeue();
        }

        return null;
    }

    private LogEntry? NextNew()
    {
        if (OwesAcks && Config.MaxAckPending > 0 && _state.Owed.Count >= Config.MaxAckPending)
        {
            return null;
        }

        while (_coming.TryPeek(out LogEntry? entry))
        {
            if (!entry.IsGone)
            {
                return entry;
            }

            _coming.Dequeue();
            _gone--;
        }

        // The server has looked to the end: filters that change later do not bring it back.
        _state.Position = _stream.Log.LastSequence + 1;
        return null;
    }

    private void ServeTo(LinkedListNode<WaitingPull> node, LogEntry entry, bool isNew)
    {
        WaitingPull pull = node.Value;
        if (!pull.HasRoomFor(entry.Size))
        {
            EndPull(node, PullStatus.TooLarge(pull.Remaining));
            return;
        }

        Changing();
        ulong consumerSequence = _state.NextConsumerSequence++;
        int count = isNew ? BeginOwing(entry.Sequence, consumerSequence) : OweAgain(entry.Sequence);
        pull.Deliver(new ServedMessage(this, entry, consumerSequence, count, Pending), entry.Size);
        if (pull.Remaining == 0)
        {
            _waiting.Remove(node);
            _usedAt = _clock.Now;
        }
        else if (node.Next is not null)
        {
            _waiting.Remove(node);
            _waiting.AddLast(node);
        }

        if (isNew && !OwesAcks)
        {
            _stream.OnAcknowledged(entry.Sequence);
        }
    }

    private int BeginOwing(ulong sequence, ulong consumerSequence)
    {
        _coming.Dequeue();
        _state.Position = sequence + 1;
        if (OwesAcks)
        {
            Await(sequence, consumerSequence, _clock.Now + AckWait(sequence));
        }
        else
        {
            (_state.FloorConsumerSequence, _state.FloorStreamSequence) = (consumerSequence, sequence);
        }

        return 1;
    }

    private int OweAgain(ulong sequence)
    {
        _again.Dequeue();
        int repeats = _state.Redelivered.GetValueOrDefault(sequence) + 1;
        _state.Redelivered[sequence] = repeats;
        Await(sequence, _state.Owed[sequence].ConsumerSequence, _clock.Now + AckWait(sequence));
        return repeats + 1;
    }

    private TimeSpan AckWait(ulong sequence) => Config.BackOff.IsEmpty
        ? Config.AckWait
        : Config.BackOff[Math.Min(_state.Redelivered.GetValueOrDefault(sequence), Config.BackOff.Length - 1)];

    private void Await(ulong sequence, ulong consumerSequence, DateTimeOffset deadline)
    {
        _state.Owed[sequence] = new OwedAck(consumerSequence, deadline, IsQueued: false);
        _deadlines.Add(deadline, sequence);
    }

    private void DeliverAgain(ulong sequence, OwedAck owed)
    {
        _state.Owed[sequence] = owed with { IsQueued = true };
        _again.Enqueue(sequence);
    }

    private bool IsGivenUp(ulong sequence) =>
        Config.MaxDeliver > 0 && _state.Redelivered.GetValueOrDefault(sequence) + 1 >= Config.MaxDeliver;

    /// <summary>Stranded: it stays in the stream and is owed no more, and the floor stays below it.</summary>
    private void GiveUp(ulong sequence)
    {
        _state.Owed.Remove(sequence);
    }

    private DateTimeOffset? NextDeadline()
    {
        while (_deadlines.Count > 0)
        {
            (DateTimeOffset at, ulong sequence) = _deadlines.First;
            if (_state.Owed.TryGetValue(sequence, out OwedAck owed) && !owed.IsQueued && owed.Deadline == at)
            {
                return at;
            }

            _deadlines.RemoveFirst();
        }

        return null;
    }

    private void CollectDeadlines()
    {
        _deadlines.Clear();
        _again.Clear();
        foreach ((ulong sequence, OwedAck owed) in _state.Owed.OrderBy(owed => owed.Key))
        {
            if (owed.IsQueued)
            {
                _again.Enqueue(sequence);
            }
            else
            {
                _deadlines.Add(owed.Deadline, sequence);
            }
        }
    }

    private void ExpirePulls()
    {
        for (LinkedListNode<WaitingPull>? node = _waiting.First; node is not null;)
        {
            LinkedListNode<WaitingPull>? next = node.Next;
            if (node.Value.Expires <= _clock.Now)
            {
                EndPull(node, PullStatus.RequestTimeout(node.Value.Remaining));
            }

            node = next;
        }
    }

    /// <summary>One that got nothing because too many acknowledgements are owed hears nothing: real servers leave it waiting, too.</summary>
    private void EndThoseWhoDoNotWait()
    {
        for (LinkedListNode<WaitingPull>? node = _waiting.First; node is not null;)
        {
            LinkedListNode<WaitingPull>? next = node.Next;
            if (node.Value is { IsNoWait: true, Delivered: > 0 })
            {
                EndPull(node, PullStatus.RequestTimeout(node.Value.Remaining));
            }

            node = next;
        }
    }

    private void EndPull(LinkedListNode<WaitingPull> node, in PullStatus status)
    {
        _waiting.Remove(node);
        _usedAt = _clock.Now;
        node.Value.Sink.End(status);
    }

    private void Changing() => _file.Changing(_state, _clock.Now);

    private void Plan()
    {
        if (!_stream.Replicas.IsServed)
        {
            _agenda.Plan(this, null);
            return;
        }

        DateTimeOffset? due = NextDeadline();
        foreach (WaitingPull pull in _waiting)
        {
            due = Earlier(due, pull.Expires);
        }

        if (Config.InactiveThreshold > TimeSpan.Zero && _waiting.Count == 0)
        {
            due = Earlier(due, _usedAt + Config.InactiveThreshold);
        }

        _agenda.Plan(this, due);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;
}
