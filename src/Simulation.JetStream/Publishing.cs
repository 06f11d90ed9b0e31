namespace Simulation.JetStream;

/// <summary>A message to publish. Spans are copied before <see cref="IJetStreamConnection.PublishAsync"/> returns.</summary>
public readonly ref struct PublishMessage
{
    public required ReadOnlySpan<byte> Subject { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary><c>Nats-Msg-Id</c>: the identity by which the server drops duplicates within its window; empty for none.</summary>
    public ReadOnlySpan<byte> MessageId { get; init; }

    /// <summary>Further headers, already in wire form without version line and final blank line: <c>Name: value\r\n…</c>; empty for none.</summary>
    public ReadOnlySpan<byte> Headers { get; init; }

    public PublishExpectation? Expectation { get; init; }

    /// <summary>After which an answer that has not come makes the outcome unknown; null for the connection's default.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>What must hold of the stream, or the server rejects (10071 wrong last sequence, 10070 wrong last message id, 10060 wrong stream).</summary>
public sealed record PublishExpectation
{
    public string? Stream { get; init; }

    public ulong? LastSequence { get; init; }

    /// <summary>Last sequence of the message's own subject; 0 for none yet.</summary>
    public ulong? LastSubjectSequence { get; init; }

    public string? LastMessageId { get; init; }
}

public enum PublishResult { Acknowledged, Rejected, Unknown }

public enum UnknownReason { None, Timeout, ConnectionLost, NotConnected, MalformedAnswer }

/// <summary>How a publish ended. Acknowledged: <see cref="Stream"/>, <see cref="Sequence"/>, <see cref="Duplicate"/>. Rejected: <see cref="ErrorCode"/>, <see cref="Text"/>. Unknown: <see cref="Reason"/>.</summary>
public readonly record struct PublishOutcome
{
    public PublishResult Result { get; private init; }

    public string? Stream { get; private init; }

    public ulong Sequence { get; private init; }

    /// <summary>The server had this message id already and answers with the first one's sequence.</summary>
    public bool Duplicate { get; private init; }

    /// <summary>JetStream's err_code (for example 10071), or 503 when nobody listened.</summary>
    public int ErrorCode { get; private init; }

    public string? Text { get; private init; }

    public UnknownReason Reason { get; private init; }

    /// <summary>Rejected because the server, the account or the stream is full: to try again helps only when somebody makes room.</summary>
    public bool IsOutOfStorage => Result == PublishResult.Rejected && ErrorCode is 10002 or 10023 or 10028 or 10047 or 10077;

    public bool IsAcknowledged => Result == PublishResult.Acknowledged;

    public static PublishOutcome Acknowledged(string stream, ulong sequence, bool duplicate) =>
        new() { Result = PublishResult.Acknowledged, Stream = stream, Sequence = sequence, Duplicate = duplicate };

    public static PublishOutcome Rejected(int errorCode, string text) =>
        new() { Result = PublishResult.Rejected, ErrorCode = errorCode, Text = text };

    public static PublishOutcome Unknown(UnknownReason reason, string? text = null) =>
        new() { Result = PublishResult.Unknown, Reason = reason, Text = text };
}
