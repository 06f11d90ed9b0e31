namespace Simulation.History;

/// <summary>
/// The tracker's pure core: records in, in the order of <see cref="LogMerge"/>; what they amount to out, at any time. No clock, no chance,
/// no input or output. What a participant did is judged by sets of sequences that forget the order, wherever the order is not the question:
/// a delivery that is folded before its intent, because two clocks disagree, is no finding.
/// </summary>
public sealed partial class Fold
{
    private const int DensePartitions = 1 << 16;

    private readonly List<string> _participants = [];
    private readonly SortedDictionary<int, PartitionState> _sparse = [];
    private readonly SequenceSet _acknowledgedAt = new();
    private readonly SequenceSet _deliveredAt = new();
    private readonly SequenceSet _storedAt = new();
    private PartitionState?[] _dense = new PartitionState?[16];
    private RangeSet _corruptAt;
    private long _storedRecords;
    private long _streamCreated;

    /// <summary>Hears of everything; null for nobody.</summary>
    public IFoldObserver? Observer { get; set; }

    /// <summary>Records folded.</summary>
    public long Records { get; private set; }

    /// <summary>The time of the latest record folded, in microseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>How far the run has come.</summary>
    public RunProgress Progress { get; } = new();

    public RunPhase Phase => Progress.Phase;

    public Guarantees Guarantees { get; private set; } = new();

    /// <summary>From a publish's intent to its acknowledgement.</summary>
    public LatencyHistogram PublishLatency { get; } = new();

    /// <summary>From the intended send time to the first delivery.</summary>
    public LatencyHistogram EndToEndLatency { get; } = new();

    public long Deliveries { get; private set; }

    public long Redeliveries { get; private set; }

    /// <summary>What happened to the servers of the run, in order.</summary>
    internal List<ServerIncident> ServerIncidents { get; } = [];

    internal SortedDictionary<long, FaultState> Faults { get; } = [];

    /// <summary>Why the run ended before its time, unless somebody asked for it.</summary>
    internal string? CutShortBy { get; private set; }

    internal bool DrainFinished { get; private set; }

    /// <summary>Why the drain did not finish, when somebody said so.</summary>
    internal string? DrainProblem { get; private set; }

    internal bool ReadCompleted { get; private set; }

    internal string? ReadProblem { get; private set; }

    /// <summary>Stream sequences of messages that did not say who they are.</summary>
    internal ref readonly RangeSet CorruptAt => ref _corruptAt;

    /// <summary>Registers a participant: records carry the number, not the name.</summary>
    public int Participant(string name)
    {
        int index = _participants.IndexOf(name);
        if (index < 0)
        {
            index = _participants.Count;
            _participants.Add(name);
        }

        return index;
    }

    /// <summary>What the live view shows, from what has been folded so far.</summary>
    public TrackerSnapshot Snapshot() => TrackerSnapshot.Of(this);

    /// <summary>Acknowledged and processed messages of each partition, in order of partition.</summary>
    public IEnumerable<PartitionCounts> PartitionCounts() =>
        Partitions().Select(entry => new PartitionCounts(entry.Partition, entry.State.Acknowledged.Count, entry.State.Processed.Count)
        {
            Missing = entry.State.Gaps.Missing,
        });

    /// <summary>Everything that the plan has, or that happened without one.</summary>
    public IEnumerable<FaultSoFar> FaultsSoFar() => Faults.Select(fault => new FaultSoFar(
        fault.Key, fault.Value.Planned, fault.Value.IsSettled, !fault.Value.Started || fault.Value.EndedAt is not null,
        fault.Value.StartedAt is { } began ? UnixMicroseconds.ToTime(began) : null));

    internal IEnumerable<(int Partition, PartitionState State)> Partitions()
    {
        for (int i = 0; i < _dense.Length; i++)
        {
            if (_dense[i] is { } state)
            {
                yield return (i, state);
            }
        }

        foreach ((int partition, PartitionState state) in _sparse)
        {
            yield return (partition, state);
        }
    }

    public void Apply(in HistoryRecord record, int participant)
    {
        Observer?.Folding(record, _participants[participant]);
        Records++;
        Time = Math.Max(Time, record.Time);
        switch (record.Type)
        {
            case RecordType.Intent:
                Intent(record);
                break;
            case RecordType.Acknowledged:
                Acknowledged(record);
                break;
            case RecordType.Rejected:
                PartitionState refused = Partition(record.Partition);
                refused.Open.Remove(record.Sequence, out _);
                refused.Rejected.Add(record.Sequence);
                break;
            case RecordType.Unknown:
                PartitionState unclear = Partition(record.Partition);
                unclear.Open.Remove(record.Sequence, out _);
                unclear.Unknown.Add(record.Sequence);
                break;
            case RecordType.Delivered:
                Delivered(record);
                break;
            case RecordType.Processed:
                Processed(record, participant);
                break;
            case RecordType.Stored:
                Stored(record);
                break;
            case RecordType.OwnershipStarted:
                Partition(record.Partition).Owners.Start(participant, Records);
                break;
            case RecordType.OwnershipEnded:
                Partition(record.Partition).Owners.End(participant);
                break;
            case RecordType.Started:
                BeginAgain(participant);
                break;
            default:
                ApplyRunRecord(record);
                break;
        }
    }

    private void ApplyRunRecord(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Launched or RecordType.Dismissed or RecordType.PartitionsChanged:
                Progress.Apply(record);
                break;
            case RecordType.PhaseChanged:
                Progress.Apply(record);
                EnterPhase(record.Phase);
                break;
            case RecordType.Resumed:
                Progress.Apply(record);
                CutShortBy = null; // It goes on.
                break;
            case RecordType.StreamCreated:
                NewStream(record.A);
                break;
            case RecordType.GuaranteesDeclared:
                Guarantees = new Guarantees
                {
                    EffectivelyOnce = (record.Flags & 1) != 0,
                    Ordered = (record.Flags & 2) != 0,
                    Exclusive = (record.Flags & 4) != 0,
                };
                break;
            case RecordType.CutShort:
                CutShortBy = record.Text ?? "no reason given";
                break;
            case RecordType.DrainFinished:
                (DrainFinished, DrainProblem) = (true, null);
                break;
            case RecordType.DrainTimedOut:
                (DrainFinished, DrainProblem) = (false, $"{record.A} messages were pending and {record.B} awaited an acknowledgement");
                break;
            case RecordType.FinalReadCompleted:
                FinalReadCompleted(record);
                break;
            case RecordType.FinalReadFailed:
                (ReadCompleted, ReadProblem) = (false, record.Text ?? "no reason given");
                break;
            case RecordType.ServerEvent:
                ServerIncidents.Add(new ServerIncident(record.At, record.Text ?? "", TimeSpan.FromMicroseconds(record.A)));
                break;
            case RecordType.FaultPlanned:
            case RecordType.FaultStarted:
            case RecordType.FaultBit:
            case RecordType.FaultMissed:
            case RecordType.FaultEnded:
            case RecordType.FaultRecovered:
                ApplyFault(record);
                break;
        }
    }

    private void Intent(in HistoryRecord record)
    {
        PartitionState partition = Partition(record.Partition);
        if (!partition.Intended.Add(record.Sequence))
        {
            partition.Open.Remove(record.Sequence, out _); // A retry takes the place of an attempt that has no outcome.
        }
        else
        {
            Observer?.Intended(record.Partition);
            if (partition.Delivered.Contains(record.Sequence) || partition.Corrupt.Contains(record.Sequence))
            {
                Arrived(partition, record); // The receiver's clock is ahead of the sender's.
            }
        }

        partition.Open.Add(record.Sequence, record.Time);

        // Whatever was drained and read before, this message was not in it.
        DrainFinished = false;
        ReadCompleted = false;
    }

    /// <summary>
    /// A producer does not publish again what has been acknowledged. So a first acknowledgement with a stream sequence that was given away
    /// already reuses it, and a second acknowledgement with a new one says that the message is stored twice.
    /// </summary>
    private void Acknowledged(in HistoryRecord record)
    {
        PartitionState partition = Partition(record.Partition);
        if (partition.Open.Remove(record.Sequence, out long since))
        {
            PublishLatency.Record(record.Time - since);
            Observer?.Acknowledged(record.Partition, record.Time - since);
        }

        bool first = partition.Acknowledged.Add(record.Sequence);
        if (first)
        {
            Observer?.Sent(record.Partition);
        }

        bool newPlace = _acknowledgedAt.Add(record.StreamSequence);
        if (first && !newPlace)
        {
            partition.Flag().SequenceReused.Add(record.Sequence);
        }
        else if (!first && newPlace)
        {
            StoredTwice(partition, record);
        }
    }

    private void Delivered(in HistoryRecord record)
    {
        Deliveries++;
        Redeliveries += record.Count > 1 ? 1 : 0;
        if (record.Message.IsNone)
        {
            _corruptAt.Add(record.B);
            return;
        }

        PartitionState partition = Partition(record.Partition);
        Arrived(partition, record);
        if (record.Faults != MessageFaults.None)
        {
            partition.Corrupt.Add(record.Sequence);
            return;
        }

        bool first = partition.Delivered.Add(record.Sequence);
        bool newPlace = _deliveredAt.Add(record.StreamSequence);
        if (first)
        {
            EndToEndLatency.Record(record.Time - record.IntendedAt);
            Observer?.Arrived(record.Partition, record.Time - record.IntendedAt);
        }
        else if (newPlace)
        {
            StoredTwice(partition, record);
        }

        // A consumer that was made anew counts from one again: what was delivered before is a redelivery all the same.
        if ((record.Count > 1 || !first) && !partition.Processed.Contains(record.Sequence))
        {
            partition.Redelivering.Add(record.Sequence);
        }
    }

    private void Arrived(PartitionState partition, in HistoryRecord record)
    {
        long sequence = record.Sequence;
        if (!partition.Intended.Contains(sequence))
        {
            return; // Nobody meant it, so far: it leaves no gap below itself.
        }

        long expected = partition.AnyArrived ? partition.Highest + 1 : partition.Intended.Min;
        if (sequence > expected)
        {
            partition.Gaps.Open(expected, sequence - 1, record.Time);
            Observer?.GapOpened(sequence - expected);
            TellGaps(record.Partition, partition);
        }
        else if (sequence < expected && partition.Gaps.Missing > 0)
        {
            partition.Gaps.Heal(sequence);
            TellGaps(record.Partition, partition);
        }

        partition.Highest = partition.AnyArrived ? Math.Max(partition.Highest, sequence) : sequence;
        partition.AnyArrived = true;
    }

    private void TellGaps(int number, PartitionState partition) => Observer?.GapsChanged(number, partition.Gaps.Missing, partition.Gaps.OldestSince);

    private void Processed(in HistoryRecord record, int participant)
    {
        PartitionState partition = Partition(record.Partition);
        bool behind = !partition.Processed.IsEmpty && record.Sequence < partition.Processed.Max;
        bool first = partition.Processed.Add(record.Sequence);
        if (first)
        {
            Observer?.Received(record.Partition);
        }
        else if (partition.Flag().ProcessedTwice.Add(record.Sequence))
        {
            Observer?.Duplicated(record.Partition);
        }

        if (first && behind && record.Count <= 1 && !partition.Redelivering.Contains(record.Sequence))
        {
            partition.Flag().Reordered.Add(record.Sequence);
        }

        partition.Redelivering.Remove(record.Sequence);
        if (partition.Owners.Processed(participant, Records))
        {
            partition.Flag().ConcurrentOwners.Add(record.Sequence);
        }
    }

    private void Stored(in HistoryRecord record)
    {
        _storedRecords++;
        if (!_storedAt.Add(record.StreamSequence))
        {
            return; // A read that began anew shows what an earlier one showed.
        }

        if (record.Message.IsNone)
        {
            _corruptAt.Add(record.B);
        }
        else if (record.Faults != MessageFaults.None)
        {
            Partition(record.Partition).Corrupt.Add(record.Sequence);
        }
        else if (Partition(record.Partition) is var partition && !partition.Stored.Add(record.Sequence))
        {
            StoredTwice(partition, record);
        }
    }

    private void StoredTwice(PartitionState partition, in HistoryRecord record)
    {
        if (partition.Flag().StoredTwice.Add(record.Sequence))
        {
            Observer?.Duplicated(record.Partition);
        }
    }

    private void FinalReadCompleted(in HistoryRecord record)
    {
        ReadCompleted = _storedRecords >= record.C;
        ReadProblem = ReadCompleted ? null : $"it gave {record.C} messages, of which {_storedRecords} are in the log";
    }

    private void EnterPhase(RunPhase phase)
    {
        if (phase == RunPhase.Running)
        {
            DrainFinished = false;
            ReadCompleted = false;
        }
        else if (phase == RunPhase.Reading)
        {
            ForgetStored();
        }
    }

    /// <summary>A stream that was made anew numbers its messages from one again.</summary>
    private void NewStream(long created)
    {
        if (created == _streamCreated)
        {
            return;
        }

        _streamCreated = created;
        _acknowledgedAt.Clear();
        _deliveredAt.Clear();
        ForgetStored();
    }

    private void ForgetStored()
    {
        _storedRecords = 0;
        _storedAt.Clear();
        foreach ((_, PartitionState state) in Partitions())
        {
            state.Stored.Clear();
        }
    }

    /// <summary>Whoever starts again owns nothing: an earlier incarnation was killed before it could say so.</summary>
    private void BeginAgain(int participant)
    {
        foreach ((_, PartitionState state) in Partitions())
        {
            state.Owners.End(participant);
        }
    }

    private void ApplyFault(in HistoryRecord record)
    {
        if (!Faults.TryGetValue(record.A, out FaultState? fault))
        {
            Faults.Add(record.A, fault = new FaultState(record.Text ?? ""));
        }

        fault.Apply(record);
    }

    private PartitionState Partition(int partition)
    {
        if ((uint)partition < (uint)_dense.Length)
        {
            return _dense[partition] ??= new PartitionState();
        }

        return (uint)partition < DensePartitions ? GrowTo(partition) : Sparse(partition);
    }

    private PartitionState GrowTo(int partition)
    {
        Array.Resize(ref _dense, Math.Min(DensePartitions, Math.Max(partition + 1, _dense.Length * 2)));
        return _dense[partition] = new PartitionState();
    }

    /// <summary>A number that no configuration has: a damaged message made it up.</summary>
    private PartitionState Sparse(int partition)
    {
        if (!_sparse.TryGetValue(partition, out PartitionState? state))
        {
            _sparse.Add(partition, state = new PartitionState());
        }

        return state;
    }
}
