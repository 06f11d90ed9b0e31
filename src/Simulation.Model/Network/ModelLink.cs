using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>The way between one participant and the server: where faults of the network bite. It has a stream of chance of its own.</summary>
public sealed class ModelLink
{
    private readonly ModelNetworkOptions _options;
    private readonly RandomStream _random;

    internal ModelLink(string name, ModelNetworkOptions options, RandomStream random)
    {
        Name = name;
        _options = options;
        _random = random;
        Latency = options.Latency;
        Jitter = options.Jitter;
    }

    /// <summary>Of the connection.</summary>
    public string Name { get; }

    public TimeSpan Latency { get; set; }

    public TimeSpan Jitter { get; set; }

    public bool IsPartitioned { get; private set; }

    /// <summary>Whether a connection is open over it.</summary>
    public bool IsOpen => Session is not null;

    internal Session? Session { get; set; }

    internal RandomStream Random => _random;

    /// <summary>The connection breaks and both ends hear of it at once. What was under way is lost, answers included.</summary>
    public void Cut(string reason = "the connection was cut") => Session?.Break(reason);

    /// <summary>The participant's end breaks; the server goes on believing in the connection until its own pings tell it.</summary>
    public void HalfOpen(string reason = "the connection was cut") => Session?.BreakHalf(reason, ServerSilence());

    /// <summary>
    /// Nothing passes, neither way, until <see cref="Heal"/>. What is under way waits, as the network's retransmissions would have it; each
    /// end takes the other for gone after its pings went unanswered, if it lasts so long.
    /// </summary>
    public void Partition()
    {
        IsPartitioned = true;
        Session?.Hold(Holds.Link, _options.DrawClientSilence(_random), ServerSilence());
    }

    public void Heal()
    {
        IsPartitioned = false;
        Session?.Release(Holds.Link);
    }

    /// <summary>From the server that is connected to the leader, and from there to a majority and back.</summary>
    internal TimeSpan DrawRoundOfServers() => (_options.RouteLatency * 2) + _random.Uniform(TimeSpan.Zero, _options.RouteLatency);

    internal TimeSpan DrawLatency() => Jitter > TimeSpan.Zero ? Latency + _random.Uniform(TimeSpan.Zero, Jitter) : Latency;

    private TimeSpan ServerSilence() => _options.ServerPingInterval * (2 + _random.NextDouble());
}
