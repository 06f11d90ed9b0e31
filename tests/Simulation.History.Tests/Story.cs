namespace Simulation.History.Tests;

/// <summary>Tells a history into a store, one second a step, so that a test reads like what happened.</summary>
internal sealed class Story : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, HistoryWriter> _writers = [];
    private ulong _stream;

    public Story()
        : this(new MemoryHistoryStore("run"))
    {
    }

    public Story(IHistoryStore store) => Store = store;

    public IHistoryStore Store { get; }

    public DateTimeOffset Now { get; private set; } = Start;

    public HistoryWriter this[string participant]
    {
        get
        {
            Now += TimeSpan.FromSeconds(1);
            if (!_writers.TryGetValue(participant, out HistoryWriter? writer))
            {
                _writers.Add(participant, writer = Store.Create(participant, ParticipantKind.Other));
            }

            return writer;
        }
    }

    public static MessageId M(int partition, long sequence) => new(partition, sequence);

    public Story Promise(Guarantees guarantees)
    {
        this["coordinator"].GuaranteesDeclared(Now, guarantees);
        return this;
    }

    public Story Intent(MessageId message, int attempt = 1)
    {
        this["producer"].Intent(Now, message, message.Sequence, Now, attempt, 128, 7);
        return this;
    }

    public Story Acknowledged(MessageId message, ulong at, bool duplicate = false)
    {
        this["producer"].Acknowledged(Now, message, at, duplicate);
        return this;
    }

    /// <summary>Sent and acknowledged, at the next stream sequence.</summary>
    public Story Sent(MessageId message) => Intent(message).Acknowledged(message, ++_stream);

    public Story Rejected(MessageId message)
    {
        this["producer"].Rejected(Now, message, 10077, "maximum messages exceeded");
        return this;
    }

    public Story Unknown(MessageId message)
    {
        this["producer"].Unknown(Now, message, "Timeout");
        return this;
    }

    public Story Delivered(MessageId message, ulong at, int count = 1, string to = "worker-1", MessageFaults faults = MessageFaults.None)
    {
        this[to].Delivered(Now, message, at, at, count, Now, faults);
        return this;
    }

    public Story Processed(MessageId message, ulong at, int count = 1, string by = "worker-1")
    {
        this[by].Processed(Now, message, at, count);
        return this;
    }

    /// <summary>Delivered and processed.</summary>
    public Story Worked(MessageId message, ulong at, int count = 1, string by = "worker-1") =>
        Delivered(message, at, count, by).Processed(message, at, count, by);

    /// <summary>Sent, delivered and processed, at the next stream sequence.</summary>
    public Story Through(MessageId message) => Sent(message).Worked(message, _stream);

    public Story Owns(string worker, int partition, long epoch)
    {
        this[worker].OwnershipStarted(Now, partition, epoch);
        return this;
    }

    public Story Releases(string worker, int partition, long epoch)
    {
        this[worker].OwnershipEnded(Now, partition, epoch);
        return this;
    }

    public Story Drained()
    {
        this["coordinator"].DrainFinished(Now);
        return this;
    }

    public Story Read(params (MessageId Message, ulong At)[] stored)
    {
        foreach ((MessageId message, ulong at) in stored)
        {
            this["reader"].Stored(Now, message, at);
        }

        this["reader"].FinalReadCompleted(Now, 1, 100, stored.Length);
        return this;
    }

    /// <summary>Drained, read, and judged.</summary>
    public Verdict Ends(params (MessageId Message, ulong At)[] stored) => Drained().Read(stored).Check();

    public Verdict Check() => Checker.Check(Store);

    public void Dispose()
    {
        foreach (HistoryWriter writer in _writers.Values)
        {
            writer.Dispose();
        }
    }
}
