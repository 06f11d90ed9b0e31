namespace Simulation.History;

/// <summary>What can be wrong with a message. ARCHITECTURE.md defines each.</summary>
public enum VerdictClass
{
    /// <summary>Acknowledged to its producer, and neither delivered nor in the stream.</summary>
    Lost,

    /// <summary>Acknowledged and stored or delivered, and never processed by the end of the drain.</summary>
    Unprocessed,

    /// <summary>Delivered, and never meant to be sent by anyone.</summary>
    Unexpected,

    /// <summary>Delivered or stored with a wrong checksum, subject or identity.</summary>
    Corrupt,

    /// <summary>Acknowledged with a stream sequence that another message had been acknowledged with.</summary>
    SequenceReused,

    /// <summary>At two stream sequences.</summary>
    StoredTwice,

    /// <summary>The handler ran again after the message had been processed.</summary>
    ProcessedTwice,

    /// <summary>Processed after a later one of its partition, without having been redelivered.</summary>
    Reordered,

    /// <summary>Processed while another worker owned the partition too, and worked.</summary>
    ConcurrentOwners,

    /// <summary>Rejected by the server, and delivered.</summary>
    Resurrected,
}
