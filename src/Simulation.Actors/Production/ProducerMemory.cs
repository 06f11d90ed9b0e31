using Simulation.History;
using Simulation.Workload;

namespace Simulation.Actors;

/// <summary>
/// What a producer must know of its predecessor, and it is all in the log: the last sequence taken in each partition, and the messages
/// that were intended and not acknowledged. So nothing is forgotten, however the predecessor ended.
/// </summary>
internal sealed class ProducerMemory
{
    private readonly PartitionRange _range;
    private readonly SortedDictionary<(int Partition, long Sequence), OpenIntent> _open = [];

    private ProducerMemory(PartitionRange range)
    {
        _range = range;
        Taken = new long[range.Count];
    }

    /// <summary>By position in the producer's range.</summary>
    public long[] Taken { get; }

    public long ProducerSequence { get; private set; }

    /// <summary>How many writers the log has had before.</summary>
    public int Incarnations { get; private set; }

    /// <summary>In order of partition and sequence.</summary>
    public IEnumerable<OpenIntent> Open => _open.Values;

    public static ProducerMemory Read(IHistoryStore history, string participant, PartitionRange range)
    {
        var memory = new ProducerMemory(range);
        if (!history.Participants().Contains(participant))
        {
            return memory;
        }

        using HistoryReader reader = history.Read(participant);
        while (reader.TryRead(out HistoryRecord record))
        {
            memory.Apply(record);
        }

        return memory;
    }

    private void Apply(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Started:
                Incarnations++;
                break;
            case RecordType.Intent:
                int slot = record.Partition - _range.First;
                Taken[slot] = Math.Max(Taken[slot], record.Sequence);
                ProducerSequence = Math.Max(ProducerSequence, record.B);
                Reopen(record);
                break;
            case RecordType.Acknowledged:
                _open.Remove((record.Partition, record.Sequence));
                break;
        }
    }

    private void Reopen(in HistoryRecord intent)
    {
        (int, long) message = (intent.Partition, intent.Sequence);
        if (intent.Count > 1 && !_open.ContainsKey(message))
        {
            return; // Published once more after it had been acknowledged: nothing is owed.
        }

        long firstPublished = _open.TryGetValue(message, out OpenIntent earlier) ? earlier.FirstPublished : intent.Time;
        _open[message] = new OpenIntent(intent.Partition, intent.Sequence, intent.B, intent.IntendedAt, firstPublished, intent.Count);
    }
}

