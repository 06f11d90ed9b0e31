using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>Opens connections in one world: the real one over TCP, or the modelled one.</summary>
public interface IJetStreamConnector
{
    /// <summary>
    /// Connects, and tells <paramref name="observer"/> a <see cref="ConnectionStateChanged"/> at every change from then on.
    /// Throws <see cref="JetStreamUnavailableException"/> when no server can be reached within the connector's timeout.
    /// </summary>
    ActorTask<IJetStreamConnection> ConnectAsync(string name, IActorRef? observer = null);
}

/// <summary>
/// One participant's connection. Nothing is buffered across a reconnect: a publish without its acknowledgement at that moment ends
/// <see cref="PublishResult.Unknown"/>, a fetch ends <see cref="PullEnd.ConnectionLost"/>, and every other request throws
/// <see cref="JetStreamUnavailableException"/>. Management requests that the server refuses throw <see cref="JetStreamApiException"/>.
/// </summary>
public interface IJetStreamConnection
{
    string Name { get; }

    ConnectionState State { get; }

    /// <summary>The server that is connected now, or was last.</summary>
    ServerIdentity Server { get; }

    /// <summary>Completes when the state is <see cref="ConnectionState.Connected"/>; throws when the connection was closed.</summary>
    ActorTask WhenConnectedAsync();

    /// <summary>Publishes now, without waiting for earlier ones; order of calls is order on the wire. Never throws for what a server or a network did.</summary>
    ActorTask<PublishOutcome> PublishAsync(in PublishMessage message);

    ActorTask<AccountLimits> GetAccountAsync();

    ActorTask<StreamInfo> CreateStreamAsync(StreamConfig config);

    ActorTask<StreamInfo> UpdateStreamAsync(StreamConfig config);

    /// <returns>Null when there is none.</returns>
    ActorTask<StreamInfo?> GetStreamAsync(string stream);

    /// <returns>False when there was none.</returns>
    ActorTask<bool> DeleteStreamAsync(string stream);

    /// <returns>How many messages were removed.</returns>
    ActorTask<long> PurgeStreamAsync(string stream, string? subjectFilter = null);

    ActorTask<ImmutableArray<StreamInfo>> ListStreamsAsync();

    ActorTask<ConsumerInfo> CreateConsumerAsync(string stream, ConsumerConfig config);

    ActorTask<ConsumerInfo> UpdateConsumerAsync(string stream, ConsumerConfig config);

    ActorTask<ConsumerInfo?> GetConsumerAsync(string stream, string consumer);

    ActorTask<bool> DeleteConsumerAsync(string stream, string consumer);

    ActorTask<ImmutableArray<ConsumerInfo>> ListConsumersAsync(string stream);

    ActorTask<StoredMessage?> GetMessageAsync(string stream, ulong sequence);

    ActorTask<StoredMessage?> GetLastMessageAsync(string stream, string subject);

    /// <returns>False when there was none at that sequence.</returns>
    ActorTask<bool> DeleteMessageAsync(string stream, ulong sequence);

    /// <summary>One pull request: waits until the batch is full, a status ends it, or its own timer does.</summary>
    ActorTask<FetchResult> FetchAsync(string stream, string consumer, FetchRequest request);

    /// <summary>Keeps pulls outstanding for a durable consumer until it is stopped.</summary>
    IPullSubscription Subscribe(string stream, string consumer, PullOptions options);

    /// <summary>Reads a stream in order from first to last, or onwards as a watch, without a trace on the server afterwards.</summary>
    IStreamReader ReadStream(string stream, StreamReadOptions options);

    /// <summary>Drain: subscriptions end, what is in flight settles (bounded), then the socket closes.</summary>
    ActorTask CloseAsync();

    /// <summary>Cuts the socket at once and never comes back, as a killed process would.</summary>
    void Abort();
}

public enum ConnectionState { Connecting, Connected, Reconnecting, Closed }

/// <param name="Reason">Why, in words; empty when there is nothing to say.</param>
/// <param name="Attempt">Number of the reconnect attempt that is under way or succeeded; 0 for the first connect.</param>
public sealed record ConnectionStateChanged(IJetStreamConnection Connection, ConnectionState State, string Reason, int Attempt, DateTimeOffset At);

/// <param name="Version">For example <c>2.10.27</c>.</param>
/// <param name="Url">Without credentials.</param>
public sealed record ServerIdentity(string Name, string Id, string Version, string? Cluster, string Url, long MaxPayload)
{
    public Version ParsedVersion => global::System.Version.Parse(Version.Split('-')[0]);
}

/// <summary>What the account may use and uses, in bytes and counts; -1 for no limit.</summary>
public sealed record AccountLimits(long MaxMemory, long MaxStorage, long MaxStreams, long MaxConsumers, long Memory, long Storage, long Streams, long Consumers);
