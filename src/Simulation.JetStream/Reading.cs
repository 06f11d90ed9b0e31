using Simulation.Kernel;

namespace Simulation.JetStream;

public sealed record StreamReadOptions
{
    public string? SubjectFilter { get; init; }

    public DeliverPolicy From { get; init; } = DeliverPolicy.All;

    public ulong StartSequence { get; init; }

    /// <summary>False: ends after the last message that the stream held when the read began. True: waits for more.</summary>
    public bool Follow { get; init; }

    /// <summary>With <see cref="Follow"/>: says null once, between what was stored when the read began and what comes later.</summary>
    public bool MarksEnd { get; init; }

    public int BatchSize { get; init; } = 256;
}

/// <summary>
/// An ordered read that heals itself: after a lost delivery, a reconnect or a vanished consumer it goes on behind the last message that it
/// gave, so that what comes out is each message once, in stream order.
/// </summary>
public interface IStreamReader
{
    /// <summary>The next message; null at the end of a read that does not follow, at the mark of one that <see cref="StreamReadOptions.MarksEnd"/>,
    /// and after <see cref="Stop"/>. Throws <see cref="JetStreamUnavailableException"/> when the server stays away for longer than the connection's timeout.</summary>
    ActorTask<StoredMessage?> NextAsync();

    /// <summary>With <see cref="StreamReadOptions.Follow"/>: true once everything stored when the read began has been given.</summary>
    bool CaughtUp { get; }

    /// <summary>Last sequence of the stream when the read began; 0 before that.</summary>
    ulong End { get; }

    void Stop();
}
