using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>One stored message, a link of two chains: the stream's and its subject's.</summary>
internal sealed class LogEntry(StoredMessage message, string? messageId, long size)
{
    public StoredMessage Message => message;

    public ulong Sequence => message.Sequence;

    public string? MessageId => messageId;

    public long Size => size;

    public LogEntry? Previous { get; set; }

    public LogEntry? Next { get; set; }

    public LogEntry? PreviousOfSubject { get; set; }

    public LogEntry? NextOfSubject { get; set; }
}
