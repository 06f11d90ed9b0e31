using System.Text;
using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>One stored message, a link of two chains: the stream's and its subject's.</summary>
internal sealed class LogEntry(SubjectChain chain, ulong sequence, DateTimeOffset time, MessageBody body, long size)
{
    public SubjectChain Chain => chain;

    public string Subject => chain.Subject;

    public ulong Sequence => sequence;

    public DateTimeOffset Time => time;

    public MessageBody Body => body;

    public long Size => size;

    /// <summary>As it stands in the headers; a long run keeps too many messages to keep it apart.</summary>
    public string? MessageId =>
        HeaderBlock.TryFind(body.Headers.Span, "Nats-Msg-Id"u8, out ReadOnlySpan<byte> id) ? Encoding.UTF8.GetString(id) : null;

    public StoredMessage Message => new(Subject, sequence, time, body.Payload, body.Headers);

    /// <summary>The stream does not hold it any more.</summary>
    public bool IsGone { get; set; }

    public LogEntry? Previous { get; set; }

    public LogEntry? Next { get; set; }

    public LogEntry? PreviousOfSubject { get; set; }

    public LogEntry? NextOfSubject { get; set; }
}
