namespace Simulation.Workload;

/// <summary>Why a message body is not what a producer wrote.</summary>
public enum MessageProblem
{
    None,

    /// <summary>It does not begin with a header as <see cref="MessageCodec"/> writes it, or ends before its checksum.</summary>
    MalformedHeader,

    /// <summary>The checksum at its end does not fit what comes before it.</summary>
    WrongChecksum,

    /// <summary>The checksum fits, yet the payload is not the one of this identity and length.</summary>
    WrongPayload,
}
