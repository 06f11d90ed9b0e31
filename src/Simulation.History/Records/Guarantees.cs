namespace Simulation.History;

/// <summary>What the pipeline under test promises: a breach of what it does not promise is counted and never fails a run.</summary>
public sealed record Guarantees
{
    /// <summary>No message is stored twice or processed twice. Default off: JetStream delivers at least once.</summary>
    public bool EffectivelyOnce { get; init; }

    /// <summary>Messages of a partition are processed in sequence, redeliveries aside. Default off.</summary>
    public bool Ordered { get; init; }

    /// <summary>A partition has one owner at a time. Default on.</summary>
    public bool Exclusive { get; init; } = true;
}
