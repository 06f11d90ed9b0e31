namespace Simulation.History;

/// <summary>What was wrong with a message as it was delivered or read back. The numbers are part of the format.</summary>
[Flags]
public enum MessageFaults : byte
{
    None = 0,
    Checksum = 1,
    Subject = 2,

    /// <summary>Body and <c>Nats-Msg-Id</c> disagree about who the message is.</summary>
    Identity = 4,

    /// <summary>The body cannot be read.</summary>
    Unparsable = 8,
}
