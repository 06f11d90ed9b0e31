namespace Simulation.History;

/// <summary>What a record says. The numbers are part of the format (docs/history-format.md); none is ever given away twice.</summary>
public enum RecordType : byte
{
    Started = 1,
    Launched = 2,
    PhaseChanged = 3,
    StreamCreated = 4,
    GuaranteesDeclared = 5,
    CutShort = 6,
    PartitionsChanged = 7,
    Resumed = 8,
    Dismissed = 9,

    Intent = 10,
    Acknowledged = 11,
    Rejected = 12,
    Unknown = 13,
    PartitionOpened = 14,
    PartitionRetired = 15,

    Delivered = 20,
    Processed = 21,
    AckSent = 22,
    AckConfirmed = 23,
    AckUnknown = 24,
    NakSent = 25,
    TermSent = 26,

    OwnershipStarted = 30,
    OwnershipEnded = 31,

    Stored = 40,
    FinalReadCompleted = 41,
    FinalReadFailed = 42,
    DrainFinished = 43,
    DrainTimedOut = 44,

    ServerEvent = 50,
    FaultPlanned = 51,
    FaultStarted = 52,
    FaultBit = 53,
    FaultMissed = 54,
    FaultEnded = 55,
    FaultRecovered = 56,

    Heartbeat = 60,
    Note = 61,

    /// <summary>The last record of a segment that was closed in order.</summary>
    SegmentEnd = 255,
}
