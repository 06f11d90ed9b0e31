namespace Simulation.History.Tests.Verdicts;

/// <summary>The definitions word by word over a list that is kept whole. Slow, and so simple that it can be believed.</summary>
internal sealed class NaiveChecker
{
    private readonly (string Who, HistoryRecord Record)[] _history;
    private readonly HashSet<MessageId> _messages;

    public NaiveChecker(IEnumerable<(string Participant, HistoryRecord Record)> written)
    {
        _history = [.. written.OrderBy(one => one.Record.Time).ThenBy(one => one.Participant, StringComparer.Ordinal)];
        _messages = [.. _history.Where(one => one.Record.Type is >= RecordType.Intent and <= RecordType.Processed or RecordType.Stored)
            .Select(one => one.Record.Message)];
    }

    public HashSet<(VerdictClass, MessageId)> Findings() => [.. Enum.GetValues<VerdictClass>()
        .SelectMany(c => _messages.Where(message => Is(c, message)).Select(message => (c, message)))];

    public long Recovered() => _messages.Count(m => HasNoOutcome(m) && (Any(Clean(m, RecordType.Delivered)) || Any(Clean(m, RecordType.Stored))));

    public long StillUnknown() => _messages.Count(m => HasNoOutcome(m) && !Any(Of(m, RecordType.Acknowledged))
        && !Any(Of(m, RecordType.Delivered)) && !Any(FirstReads(m)));

    public VerdictOutcome Outcome(Guarantees promised)
    {
        int lastIntent = Last(RecordType.Intent);
        bool drained = Last(RecordType.DrainFinished) > lastIntent;
        bool read = Last(RecordType.FinalReadCompleted) > lastIntent;
        bool Fails(VerdictClass c) => c switch
        {
            VerdictClass.Lost => read,
            VerdictClass.Unprocessed => drained,
            VerdictClass.StoredTwice or VerdictClass.ProcessedTwice => promised.EffectivelyOnce,
            VerdictClass.Reordered => promised.Ordered,
            VerdictClass.ConcurrentOwners => promised.Exclusive,
            _ => true,
        };
        bool sent = _history.Any(one => one.Record.Type == RecordType.Acknowledged);
        return Findings().Any(finding => Fails(finding.Item1)) ? VerdictOutcome.Violated
            : drained && read && sent && !_messages.Any(IsRefusedForGood) ? VerdictOutcome.Passed : VerdictOutcome.Inconclusive;
    }

    private bool IsRefusedForGood(MessageId m) => Any(Of(m, RecordType.Rejected)) && !Any(Of(m, RecordType.Acknowledged)) && !HasNoOutcome(m)
        && !Any(Clean(m, RecordType.Delivered)) && !Any(Clean(m, RecordType.Stored));

    private bool Is(VerdictClass c, MessageId m)
    {
        bool intended = Any(Of(m, RecordType.Intent));
        bool acknowledged = Any(Of(m, RecordType.Acknowledged));
        bool delivered = Any(Clean(m, RecordType.Delivered));
        bool stored = Any(Clean(m, RecordType.Stored));
        bool processed = Any(Of(m, RecordType.Processed));
        bool corrupt = Of(m, RecordType.Delivered).Concat(FirstReads(m)).Any(i => _history[i].Record.Faults != MessageFaults.None);
        return c switch
        {
            VerdictClass.Lost => acknowledged && !delivered && !stored && !processed && !corrupt,
            VerdictClass.Unprocessed => acknowledged && (delivered || stored) && !processed && !corrupt,
            VerdictClass.Unexpected => delivered && !intended,
            VerdictClass.Corrupt => corrupt,
            VerdictClass.SequenceReused => IsReuse(m),
            VerdictClass.StoredTwice => Places(Of(m, RecordType.Acknowledged)) > 1 || Places(Clean(m, RecordType.Delivered)) > 1
                || Places(FirstReads(m).Where(IsClean)) > 1,
            VerdictClass.ProcessedTwice => Of(m, RecordType.Processed).Count() > 1,
            VerdictClass.Reordered => IsReordered(m),
            VerdictClass.ConcurrentOwners => Of(m, RecordType.Processed).Any(IsConcurrent),
            VerdictClass.Resurrected => Any(Of(m, RecordType.Rejected)) && delivered && !acknowledged && !HasNoOutcome(m),
            _ => throw new ArgumentOutOfRangeException(nameof(c)),
        };
    }

    /// <summary>Its first acknowledgement names a place that another message had been given before.</summary>
    private bool IsReuse(MessageId m) => Of(m, RecordType.Acknowledged).Take(1).Any(i => _history.Take(i).Any(earlier =>
        earlier.Record.Type == RecordType.Acknowledged && earlier.Record.B == _history[i].Record.B && earlier.Record.Message != m));

    private bool IsReordered(MessageId m)
    {
        int at = Of(m, RecordType.Processed).FirstOrDefault(-1);
        return at >= 0
            && _history[at].Record.Count <= 1
            && _history.Take(at).Any(one => one.Record.Type == RecordType.Processed && one.Record.Partition == m.Partition && one.Record.Sequence > m.Sequence)
            && Clean(m, RecordType.Delivered).Count(i => i < at) < 2
            && !Clean(m, RecordType.Delivered).Any(i => i < at && _history[i].Record.Count > 1);
    }

    private bool IsConcurrent(int at)
    {
        (string me, HistoryRecord record) = _history[at];
        int mySince = OwnerSince(me, record.Partition, at);
        return _history.Select(one => one.Who).Distinct().Where(other => other != me).Any(other =>
            OwnerSince(other, record.Partition, at) is var since && since >= 0
            && Enumerable.Range(0, at).Any(i => i > Math.Max(since, mySince) && _history[i].Who == other
                && _history[i].Record.Type == RecordType.Processed && _history[i].Record.Partition == record.Partition));
    }

    private int OwnerSince(string who, int partition, int before)
    {
        for (int i = before - 1; i >= 0; i--)
        {
            (string other, HistoryRecord record) = _history[i];
            if (other == who && (record.Type == RecordType.Started || (record.Type == RecordType.OwnershipEnded && record.Partition == partition)))
            {
                return -1;
            }

            if (other == who && record.Type == RecordType.OwnershipStarted && record.Partition == partition)
            {
                return i;
            }
        }

        return -1;
    }

    private bool HasNoOutcome(MessageId m)
    {
        bool open = false;
        foreach ((_, HistoryRecord record) in _history.Where(one => one.Record.Message == m))
        {
            open = record.Type switch
            {
                RecordType.Intent => true,
                RecordType.Acknowledged or RecordType.Rejected or RecordType.Unknown => false,
                _ => open,
            };
        }

        return open || Any(Of(m, RecordType.Unknown));
    }

    /// <summary>Of each place of the stream the first entry that was read.</summary>
    private IEnumerable<int> FirstReads(MessageId m) => Of(m, RecordType.Stored).Where(i => !_history.Take(i).Any(earlier =>
        earlier.Record.Type == RecordType.Stored && earlier.Record.B == _history[i].Record.B));

    private IEnumerable<int> Of(MessageId m, RecordType type) =>
        Enumerable.Range(0, _history.Length).Where(i => _history[i].Record.Type == type && _history[i].Record.Message == m);

    private IEnumerable<int> Clean(MessageId m, RecordType type) => (type == RecordType.Stored ? FirstReads(m) : Of(m, type)).Where(IsClean);

    private bool IsClean(int i) => _history[i].Record.Faults == MessageFaults.None;

    private int Places(IEnumerable<int> indices) => indices.Select(i => _history[i].Record.B).Distinct().Count();

    private int Last(RecordType type) => Array.FindLastIndex(_history, one => one.Record.Type == type);

    private static bool Any(IEnumerable<int> indices) => indices.Any();
}
