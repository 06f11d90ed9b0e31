using Simulation.History;

namespace Simulation.EndToEnd.Tests.Servers;

/// <summary>What the logs of a run say, added up without the fold that the verdict comes from.</summary>
internal sealed class RawHistory
{
    private readonly HashSet<MessageId> _acknowledged = [];
    private readonly HashSet<MessageId> _seen = [];
    private readonly HashSet<MessageId> _processed = [];
    private readonly Dictionary<long, Dictionary<MessageId, long>> _bySequence = [];

    public RawHistory(IHistoryStore history)
    {
        foreach (string participant in history.Participants())
        {
            using HistoryReader reader = history.Read(participant);
            while (reader.TryRead(out HistoryRecord record))
            {
                Take(record);
            }
        }
    }

    public int Acknowledged => _acknowledged.Count;

    /// <summary>Acknowledged, and neither delivered to anybody nor in the stream at the end.</summary>
    public IReadOnlySet<MessageId> Lost => _acknowledged.Except(_seen).ToHashSet();

    /// <summary>Acknowledged, and processed by nobody.</summary>
    public IReadOnlySet<MessageId> NeverProcessed => _acknowledged.Except(_processed).ToHashSet();

    /// <summary>Acknowledged with a stream sequence that another one had been acknowledged with before.</summary>
    public IReadOnlySet<MessageId> SequenceReused =>
        _bySequence.Values.SelectMany(messages => messages.OrderBy(message => message.Value).Skip(1).Select(message => message.Key)).ToHashSet();

    private void Take(in HistoryRecord record)
    {
        if (record.Type == RecordType.Acknowledged)
        {
            _acknowledged.Add(record.Message);
            if (!_bySequence.TryGetValue(record.B, out Dictionary<MessageId, long>? messages))
            {
                _bySequence[record.B] = messages = [];
            }

            messages.TryAdd(record.Message, record.Time);
        }
        else if (record.Type == RecordType.Processed)
        {
            _processed.Add(record.Message);
        }
        else if (record.Type is RecordType.Delivered or RecordType.Stored)
        {
            _seen.Add(record.Message);
        }
    }
}
