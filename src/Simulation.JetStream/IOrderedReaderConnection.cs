using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>What <see cref="OrderedReader"/> needs of a connection beyond the contract.</summary>
public interface IOrderedReaderConnection : IJetStreamConnection
{
    /// <summary>How long a server may stay away before a read gives up.</summary>
    TimeSpan RequestTimeout { get; }

    /// <summary>Time since the world began, monotonic.</summary>
    TimeSpan Uptime { get; }

    ActorTask DelayAsync(TimeSpan delay);

    /// <summary>Unique on the server, as names of consumers must be.</summary>
    string NewEphemeralName();

    ActorTask<ConsumerInfo> CreateEphemeralAsync(string stream, ConsumerConfig config);

    /// <summary>Deletes a consumer without waiting for the answer.</summary>
    void ForgetConsumer(string stream, string consumer);

    /// <summary>
    /// A pull that ends after a reconnect: nobody acknowledges what an ordered read gets, so what was on its way is lost, and without a message
    /// behind it nothing would show that.
    /// </summary>
    IEndablePull SubscribeStrictly(string stream, string consumer, PullOptions options);
}

/// <summary>A pull that can be stopped without waiting.</summary>
public interface IEndablePull : IPullSubscription
{
    void Finish();
}
