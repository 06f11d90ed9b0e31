using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.JetStream;

/// <param name="Expires">How long the server lets the request wait; zero with <paramref name="NoWait"/>.</param>
/// <param name="NoWait">Answer at once with what there is.</param>
public sealed record FetchRequest(int Batch, TimeSpan Expires, bool NoWait = false, long MaxBytes = 0);

/// <summary>Why a pull ended.</summary>
public enum PullEnd
{
    /// <summary>The batch was filled.</summary>
    Complete,

    /// <summary>404: no messages, for a no-wait pull.</summary>
    NoMessages,

    /// <summary>408: the request expired at the server.</summary>
    Expired,

    /// <summary>409: consumer deleted.</summary>
    ConsumerDeleted,

    /// <summary>409 of another kind (exceeded max waiting, max ack pending, leadership change, server shutdown, batch completed …): see the text.</summary>
    Conflict,

    /// <summary>503: nobody answers; no such consumer, or JetStream is away.</summary>
    NoResponders,

    ConnectionLost,

    /// <summary>The server neither delivered nor ended the pull in time; the client's own timer did.</summary>
    TimedOut,

    /// <summary>Stopped by its owner.</summary>
    Stopped,

    /// <summary>400 and anything unheard of: see the text.</summary>
    Refused,
}

public sealed record FetchResult(ImmutableArray<Delivery> Deliveries, PullEnd End, string Text);

public sealed record PullOptions
{
    /// <summary>Messages asked for and not yet delivered are kept between half of this and this. 64 and more is fast on real servers.</summary>
    public int Outstanding { get; init; } = 64;

    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// A running pull. Ends that heal (expired pulls, no messages, leadership changes, a reconnect) are healed inside and only counted; ends that
/// need a decision come out of <see cref="NextAsync"/> as items and pulling pauses until <see cref="Resume"/>.
/// </summary>
public interface IPullSubscription
{
    string Consumer { get; }

    /// <summary>Waits for the next delivery or end. One caller at a time.</summary>
    ActorTask<PullItem> NextAsync();

    /// <returns>False when nothing waits right now.</returns>
    bool TryNext(out PullItem item);

    /// <summary>
    /// What has come and was not read yet is still wanted: its acknowledgement deadline starts anew, as with <see cref="Delivery.InProgress"/>. For
    /// whoever lets deliveries wait unread for longer than that.
    /// </summary>
    void ExtendUnread();

    /// <summary>Pull again after an end, for example once the consumer has been made anew.</summary>
    void Resume();

    /// <summary>
    /// Asks for no more and waits (bounded) until nothing that the server had sent can still arrive; what came stays readable, then
    /// <see cref="NextAsync"/> gives <see cref="PullEnd.Stopped"/>.
    /// </summary>
    ActorTask StopAsync();

    PullStatistics Statistics { get; }
}

/// <summary>Either a delivery or the end of a pull.</summary>
public readonly record struct PullItem(Delivery? Delivery, PullEnd End, string Text);

public readonly record struct PullStatistics(long Pulls, long Delivered, long Expired, long NoMessages, long Conflicts, long Reconnects);

/// <summary>
/// One delivery of one message. Pooled by its subscription: <see cref="Dispose"/> gives it back and ends the validity of everything it showed.
/// Acknowledging does not dispose.
/// </summary>
public abstract class Delivery : IDisposable
{
    public abstract string Subject { get; }

    public abstract ReadOnlySpan<byte> Payload { get; }

    /// <summary>The raw header block after the version line; empty for none.</summary>
    public abstract ReadOnlySpan<byte> Headers { get; }

    public abstract ulong StreamSequence { get; }

    public abstract ulong ConsumerSequence { get; }

    /// <summary>1 for the first delivery.</summary>
    public abstract int DeliveryCount { get; }

    /// <summary>When the stream stored it, by the server's clock.</summary>
    public abstract DateTimeOffset StoredAt { get; }

    /// <summary>Matching messages not yet delivered, as the server counted at that moment.</summary>
    public abstract long Pending { get; }

    /// <summary>Sends the acknowledgement; whether it arrives is not known.</summary>
    public abstract void Ack();

    /// <summary>Double acknowledgement: the server confirms.</summary>
    public abstract ActorTask<AckOutcome> AckConfirmedAsync();

    /// <summary>Redeliver, at once or after a delay.</summary>
    public abstract void Nak(TimeSpan? delay = null);

    /// <summary>Still working: the acknowledgement deadline starts anew.</summary>
    public abstract void InProgress();

    /// <summary>Never deliver again.</summary>
    public abstract void Terminate();

    public abstract void Dispose();
}

public enum AckOutcome { Confirmed, Unknown }
