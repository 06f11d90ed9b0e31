using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>What lies between the participants and a modelled server, and how patient both are.</summary>
public sealed record ModelNetworkOptions
{
    /// <summary>Shortest time that anything takes one way. Default: 100 µs.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Drawn for each message on top of <see cref="Latency"/>, uniformly from zero. Default: 100 µs.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Shortest time that anything takes from one server of a cluster to another. Default: 200 µs.</summary>
    public TimeSpan RouteLatency { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>How long one attempt to connect may take. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After which a management request or an acknowledgement's confirmation gives up. Default: 5 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After which a publish without an answer ends unknown, unless the message says otherwise. Default: 5 s.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before the first attempt to reconnect; it doubles up to <see cref="ReconnectMax"/>, with jitter. Default: 50 ms.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Default: 2 s.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A participant finds out about a silent link after one to two of these. Default: 20 s.</summary>
    public TimeSpan ClientPingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The server finds out about a silent link after two to three of these. Default: 2 min.</summary>
    public TimeSpan ServerPingInterval { get; init; } = TimeSpan.FromMinutes(2);

    internal TimeSpan DrawClientSilence(RandomStream random) => ClientPingInterval * (1 + random.NextDouble());
}
