using System.Collections.Immutable;

namespace Simulation.History.Verdicts;

/// <summary>One pass over all logs for a set of messages, and for what stood beside them when it went wrong.</summary>
internal sealed class EvidenceScan
{
    private readonly SortedDictionary<int, Watched> _partitions = [];
    private readonly Dictionary<MessageId, List<EvidenceRecord>> _byMessage = [];
    private readonly Dictionary<long, List<EvidenceRecord>> _byStreamSequence = [];
    private readonly Dictionary<MessageId, List<EvidenceRecord>> _beside = [];

    public EvidenceScan(IEnumerable<Flagged> wanted)
    {
        foreach (Flagged flagged in wanted)
        {
            Want(flagged);
        }
    }

    public void Run(IHistoryStore store)
    {
        bool anyReused = _partitions.Values.Any(watched => watched.SequenceReused);
        if (anyReused)
        {
            FindReusedSequences(store);
        }

        using LogMerge merge = LogMerge.Of(store, out _, out _);
        merge.Refresh(isFinal: true);
        while (merge.Next(long.MaxValue) is { } log)
        {
            Look(log.Record, log.Reader.Participant);
            merge.Consume();
        }
    }

    public ImmutableArray<EvidenceRecord> RecordsOf(in Flagged flagged)
    {
        MessageId message = flagged.Message;
        if (message.IsNone)
        {
            return [.. _byStreamSequence[flagged.StreamSequence]];
        }

        List<EvidenceRecord> own = _byMessage[message];
        IEnumerable<EvidenceRecord> others = flagged.Class switch
        {
            VerdictClass.Reordered or VerdictClass.ConcurrentOwners => _beside.GetValueOrDefault(message) ?? [],
            VerdictClass.SequenceReused => own.Where(record => record.Record.Type == RecordType.Acknowledged)
                .SelectMany(record => _byStreamSequence.GetValueOrDefault(record.Record.B) ?? [])
                .Where(other => other.Record.Message != message),
            _ => [],
        };

        return [.. own.Concat(others).OrderBy(record => record.Record.Time)];
    }

    private void Want(in Flagged flagged)
    {
        if (flagged.Message.IsNone)
        {
            _byStreamSequence[flagged.StreamSequence] = [];
            return;
        }

        _byMessage[flagged.Message] = [];
        if (!_partitions.TryGetValue(flagged.Message.Partition, out Watched? watched))
        {
            _partitions.Add(flagged.Message.Partition, watched = new Watched());
        }

        watched.Reordered |= flagged.Class == VerdictClass.Reordered;
        watched.ConcurrentOwners |= flagged.Class == VerdictClass.ConcurrentOwners;
        watched.SequenceReused |= flagged.Class == VerdictClass.SequenceReused;
    }

    /// <summary>Which sequences the reused ones are is in the acknowledgements of the messages themselves.</summary>
    private void FindReusedSequences(IHistoryStore store)
    {
        using LogMerge merge = LogMerge.Of(store, out _, out _);
        merge.Refresh(isFinal: true);
        while (merge.Next(long.MaxValue) is { } log)
        {
            ref readonly HistoryRecord record = ref log.Record;
            if (record.Type == RecordType.Acknowledged && _byMessage.ContainsKey(record.Message))
            {
                _byStreamSequence.TryAdd(record.B, []);
            }

            merge.Consume();
        }
    }

    private void Look(in HistoryRecord record, string participant)
    {
        if (!SpeaksOfAMessage(record.Type) && record.Type is not (RecordType.OwnershipStarted or RecordType.OwnershipEnded))
        {
            return;
        }

        if (_byStreamSequence.Count > 0 && record.Type is RecordType.Acknowledged or RecordType.Delivered or RecordType.Stored
            && (record.Message.IsNone || record.Type == RecordType.Acknowledged)
            && _byStreamSequence.TryGetValue(record.B, out List<EvidenceRecord>? there))
        {
            there.Add(new EvidenceRecord(participant, record));
        }

        if (!_partitions.TryGetValue(record.Partition, out Watched? watched))
        {
            return;
        }

        if (!SpeaksOfAMessage(record.Type))
        {
            watched.Owners.RemoveAll(owner => owner.Participant == participant);
            if (record.Type == RecordType.OwnershipStarted)
            {
                watched.Owners.Add(new EvidenceRecord(participant, record));
            }

            return;
        }

        bool wanted = _byMessage.TryGetValue(record.Message, out List<EvidenceRecord>? records);
        if (wanted)
        {
            records!.Add(new EvidenceRecord(participant, record));
        }

        if (record.Type == RecordType.Processed)
        {
            LookBeside(watched, record, participant, wanted);
        }
    }

    /// <summary>For a reordered message: what had been processed above it. For concurrent owners: who they were.</summary>
    private void LookBeside(Watched watched, in HistoryRecord record, string participant, bool wanted)
    {
        if (wanted && watched.ConcurrentOwners && watched.Owners.Count > 0)
        {
            Beside(record.Message).AddRange(watched.Owners);
        }

        if (wanted && watched.Reordered && watched.Highest is { } above && above.Record.Sequence > record.Sequence)
        {
            Beside(record.Message).Add(above);
        }

        if (watched.Highest is null || watched.Highest.Record.Sequence < record.Sequence)
        {
            watched.Highest = new EvidenceRecord(participant, record);
        }
    }

    private List<EvidenceRecord> Beside(MessageId message)
    {
        if (!_beside.TryGetValue(message, out List<EvidenceRecord>? beside))
        {
            _beside.Add(message, beside = []);
        }

        return beside;
    }

    private static bool SpeaksOfAMessage(RecordType type) => type is RecordType.Intent or RecordType.Acknowledged or RecordType.Rejected
        or RecordType.Unknown or RecordType.Delivered or RecordType.Processed or RecordType.AckSent or RecordType.AckConfirmed
        or RecordType.AckUnknown or RecordType.NakSent or RecordType.TermSent or RecordType.Stored;

    private sealed class Watched
    {
        public readonly List<EvidenceRecord> Owners = [];
        public EvidenceRecord? Highest;
        public bool Reordered;
        public bool ConcurrentOwners;
        public bool SequenceReused;
    }
}
