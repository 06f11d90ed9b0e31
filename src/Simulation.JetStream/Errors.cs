namespace Simulation.JetStream;

/// <summary>Base of what a management request can throw.</summary>
public abstract class JetStreamException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The server refused: HTTP-like <paramref name="code"/>, JetStream <paramref name="errorCode"/> (for example 10059 stream not found).</summary>
public sealed class JetStreamApiException(string operation, int code, int errorCode, string description)
    : JetStreamException($"{operation}: {description} ({errorCode})")
{
    public int Code { get; } = code;

    public int ErrorCode { get; } = errorCode;

    public string Description { get; } = description;
}

/// <summary>No answer, no connection, or JetStream is not enabled there.</summary>
public sealed class JetStreamUnavailableException(string message, Exception? inner = null) : JetStreamException(message, inner);
