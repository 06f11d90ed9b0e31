using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// What a run was like, second by second: a fold over the same records in the same order as the verdict, so that it is the same live,
/// after a resume and a year later. Of the whole run it keeps one summary a partition; seconds go to whoever asked for them.
/// </summary>
/// <param name="closed">Called with each second when it is over; the object is used again for the next one.</param>
public sealed class SeriesFold(Action<RunSecond> closed) : IFoldObserver
{
    /// <summary>Whose new incarnation means that the run was resumed.</summary>
    private const string Coordinator = "coordinator";

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>A message that is published so long after it was due waited for a producer that was held up.</summary>
    private const long Late = MicrosecondsPerSecond;

    /// <summary>Longer than that nothing was recorded: the run stood still, and is not told second by second.</summary>
    private const long LongestSilence = 24 * 3600;

    private readonly RunSecond _second = new();
    private readonly OwnershipSeries _owners = new();
    private readonly FaultSeries _faults = new();
    private readonly SortedDictionary<int, PartitionSummary> _partitions = [];
    private readonly Dictionary<int, (long Missing, long Since)> _withGaps = [];
    private bool _isOpen;
    private bool _wasRunning;
    private bool _wasDraining;

    /// <summary>The run was dead, and has been resumed: what did not happen meanwhile says nothing about anybody.</summary>
    private bool _nobodyWasThere;

    private long _sendingSince;
    private long _sent;
    private long _received;
    private long _gapsPending;

    /// <summary>By partition, so far.</summary>
    public IReadOnlyDictionary<int, PartitionSummary> Partitions => _partitions;

    /// <summary>Tells the seconds that were compacted, and goes on behind them. Before anything else.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public void GoOnFrom(IHistoryStore store)
    {
        if (HistoryBase.Read(store) is not { } compacted)
        {
            return;
        }

        var archive = new FoldArchive.Reader(compacted.Seconds.Read(store));
        while (!archive.IsAtEnd)
        {
            _second.Exchange(archive);
            closed(_second);
        }

        Exchange(new FoldArchive.Reader(compacted.Series));
    }

    /// <summary>Nothing more comes.</summary>
    public void Close()
    {
        if (_isOpen)
        {
            CloseSecond();
            _isOpen = false;
        }
    }

    void IFoldObserver.Folding(in HistoryRecord record, string participant)
    {
        bool isResumed = record is { Type: RecordType.Started, A: > 1 } && participant == Coordinator;
        RollTo(record.Time / MicrosecondsPerSecond, nobodyWasThere: isResumed);
        switch (record.Type)
        {
            case RecordType.PhaseChanged:
                EnterPhase(record);
                break;
            case RecordType.Intent when record.Count == 1 && record.Time - record.IntendedAt > Late:
                _faults.IsCaughtUpWith();
                break;
            case RecordType.Rejected:
                _second.Rejected++;
                break;
            case RecordType.Unknown:
                _second.Unknown++;
                break;
            case RecordType.Delivered:
                Count(record);
                break;
            case RecordType.OwnershipStarted when _owners.Start(record.Partition, participant):
                _second.PartitionsMoved++;
                Partition(record.Partition).Moves++;
                Partition(record.Partition).LastOwner = participant;
                break;
            case RecordType.OwnershipStarted:
                Partition(record.Partition).LastOwner = participant;
                break;
            case RecordType.OwnershipEnded:
                _owners.End(record.Partition, participant);
                break;
            case RecordType.Started:
                _owners.EndAll(participant);
                break;
            default:
                _faults.Apply(record);
                break;
        }
    }

    void IFoldObserver.Intended(int partition) => _second.Intended++;

    void IFoldObserver.Acknowledged(int partition, long microseconds) => _second.PublishLatency.Record(microseconds);

    void IFoldObserver.Sent(int partition)
    {
        _sent++;
        _second.Sent++;
        Partition(partition).Sent++;
    }

    void IFoldObserver.Arrived(int partition, long microseconds)
    {
        _second.EndToEndLatency.Record(microseconds);
        Partition(partition).Arrive(microseconds);
    }

    void IFoldObserver.Received(int partition)
    {
        _received++;
        _second.Received++;
        Partition(partition).Received++;
    }

    void IFoldObserver.Duplicated(int partition)
    {
        _second.Duplicates++;
        Partition(partition).Duplicates++;
    }

    void IFoldObserver.GapsChanged(int partition, long missing, long? oldestSince)
    {
        _gapsPending += missing - _withGaps.GetValueOrDefault(partition).Missing;
        _withGaps.Remove(partition);
        if (oldestSince is { } since)
        {
            _withGaps.Add(partition, (missing, since));
        }
    }

    internal void Exchange(FoldArchive archive)
    {
        _second.Exchange(archive);
        _owners.Exchange(archive);
        _faults.Exchange(archive);
        archive.Exchange(_partitions, (ref PartitionSummary summary) =>
        {
            summary = archive.IsReading ? new PartitionSummary() : summary;
            summary.Exchange(archive);
        });
        archive.Exchange(_withGaps, (ref (long Missing, long Since) gaps) =>
        {
            archive.Exchange(ref gaps.Missing);
            archive.Exchange(ref gaps.Since);
        });
        archive.Exchange(ref _isOpen);
        archive.Exchange(ref _wasRunning);
        archive.Exchange(ref _wasDraining);
        archive.Exchange(ref _nobodyWasThere);
        archive.Exchange(ref _sendingSince);
        archive.Exchange(ref _sent);
        archive.Exchange(ref _received);
        archive.Exchange(ref _gapsPending);
    }

    private void Count(in HistoryRecord record)
    {
        _second.Deliveries++;
        if (record.Count > 1)
        {
            _second.Redeliveries++;
            if (!record.Message.IsNone)
            {
                Partition(record.Partition).Redeliveries++;
            }
        }
    }

    private void EnterPhase(in HistoryRecord record)
    {
        _second.Phase = record.Phase;
        NotePhase();
        if (record.Phase == RunPhase.Running && _sendingSince == 0)
        {
            _sendingSince = _second.UnixSeconds;
        }
    }

    private void RollTo(long unixSeconds, bool nobodyWasThere)
    {
        if (!_isOpen || unixSeconds - _second.UnixSeconds > LongestSilence)
        {
            Close();
            Open(unixSeconds);
        }

        while (_second.UnixSeconds < unixSeconds)
        {
            CloseSecond();
            Open(_second.UnixSeconds + 1);
            _nobodyWasThere = nobodyWasThere;
        }

        _nobodyWasThere = false;
    }

    private void Open(long unixSeconds)
    {
        _isOpen = true;
        _second.Clear();
        _second.UnixSeconds = unixSeconds;
        _faults.BeginSecond();
        (_wasRunning, _wasDraining) = (false, false);
        NotePhase();
    }

    private void NotePhase()
    {
        _wasRunning |= _second.Phase == RunPhase.Running;
        _wasDraining |= _second.Phase == RunPhase.Draining;
    }

    private void CloseSecond()
    {
        _second.SinceSending = _sendingSince == 0 ? null : _second.UnixSeconds - _sendingSince;
        _second.Scope = ScopeNow();
        _second.Lag = Math.Max(0, _sent - _received);
        _second.GapsPending = _gapsPending;
        _second.OldestGap = OldestGap((_second.UnixSeconds + 1) * MicrosecondsPerSecond);
        _second.Workers = _owners.Owners;
        _second.PartitionsOwned = _owners.Owned;
        _second.FaultsActive = _faults.MostActive;
        closed(_second);
    }

    /// <summary>A second in which sending ended counts as one of sending: a drain may take less than one.</summary>
    private RunScope ScopeNow() =>
        _nobodyWasThere ? RunScope.Outside
        : !_wasRunning ? _wasDraining ? RunScope.Draining : RunScope.Outside
        : _faults.MostActive > 0 ? RunScope.DuringFault
        : _faults.AnyRecovering ? RunScope.Recovery
        : RunScope.Steady;

    private TimeSpan OldestGap(long now)
    {
        long oldest = now;
        foreach ((_, long since) in _withGaps.Values)
        {
            oldest = Math.Min(oldest, since);
        }

        return TimeSpan.FromMicroseconds(now - oldest);
    }

    private PartitionSummary Partition(int partition)
    {
        if (!_partitions.TryGetValue(partition, out PartitionSummary? summary))
        {
            _partitions.Add(partition, summary = new PartitionSummary());
        }

        return summary;
    }
}
