namespace Simulation.Model;

/// <param name="ConsumerSequence">Of its first delivery.</param>
/// <param name="Deadline">When it is delivered again.</param>
/// <param name="IsQueued">It is due, and waits for a pull.</param>
internal readonly record struct OwedAck(ulong ConsumerSequence, DateTimeOffset Deadline, bool IsQueued);

/// <summary>What a consumer remembers of its deliveries: what is written to its file, some time after it has changed.</summary>
internal sealed class DeliveryState
{
    /// <summary>Everything in the stream before this was delivered or passed over.</summary>
    public ulong Position { get; set; } = 1;

    public ulong NextConsumerSequence { get; set; } = 1;

    /// <summary>Everything up to here is acknowledged.</summary>
    public ulong FloorStreamSequence { get; set; }

    public ulong FloorConsumerSequence { get; set; }

    public Dictionary<ulong, OwedAck> Owed { get; } = [];

    /// <summary>How often a message was delivered again.</summary>
    public Dictionary<ulong, int> Redelivered { get; } = [];

    /// <returns>The target.</returns>
    public DeliveryState CopyTo(DeliveryState target)
    {
        target.Position = Position;
        target.NextConsumerSequence = NextConsumerSequence;
        target.FloorStreamSequence = FloorStreamSequence;
        target.FloorConsumerSequence = FloorConsumerSequence;
        target.Owed.Clear();
        foreach ((ulong sequence, OwedAck owed) in Owed)
        {
            target.Owed.Add(sequence, owed);
        }

        target.Redelivered.Clear();
        foreach ((ulong sequence, int repeats) in Redelivered)
        {
            target.Redelivered.Add(sequence, repeats);
        }

        return target;
    }

    /// <summary>Everything before the stream's new beginning was purged: it is neither delivered nor owed any more.</summary>
    public void SkipTo(ulong first)
    {
        Position = Math.Max(Position, first);
        if (FloorStreamSequence >= first)
        {
            return;
        }

        FloorStreamSequence = first - 1;
        foreach (ulong purged in Owed.Keys.Where(owed => owed < first).Order().ToArray())
        {
            Owed.Remove(purged, out OwedAck owed);
            FloorConsumerSequence = Math.Max(FloorConsumerSequence, owed.ConsumerSequence);
        }

        if (Owed.Count == 0)
        {
            Redelivered.Clear();
        }
    }

    public void AcknowledgeOne(ulong sequence, ulong consumerSequence)
    {
        if (Owed.Remove(sequence, out OwedAck owed))
        {
            consumerSequence = owed.ConsumerSequence;
        }

        Redelivered.Remove(sequence);
        if (Owed.Count == 0)
        {
            (FloorConsumerSequence, FloorStreamSequence) = (NextConsumerSequence - 1, Position - 1);
        }
        else if (consumerSequence == FloorConsumerSequence + 1)
        {
            (FloorConsumerSequence, FloorStreamSequence) = (consumerSequence, sequence);
            for (ulong next = sequence + 1; next < Position; next++)
            {
                if (Owed.TryGetValue(next, out OwedAck first))
                {
                    (FloorConsumerSequence, FloorStreamSequence) = (first.ConsumerSequence - 1, next - 1);
                    break;
                }
            }
        }
    }

    /// <returns>The sequences that are acknowledged by it.</returns>
    public ulong[] AcknowledgeUpTo(ulong sequence, ulong consumerSequence)
    {
        if (consumerSequence <= FloorConsumerSequence || sequence <= FloorStreamSequence)
        {
            return [];
        }

        (FloorConsumerSequence, FloorStreamSequence) = (consumerSequence, sequence);
        ulong[] settled = [.. Owed.Keys.Where(owed => owed <= sequence).Order()];
        foreach (ulong each in settled)
        {
            Owed.Remove(each);
            Redelivered.Remove(each);
        }

        return settled;
    }
}
