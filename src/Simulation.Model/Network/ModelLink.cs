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

    /// <summary>How many bytes pass in a second, each way; null for as many as there are. What is sent over it waits for what was sent before.</summary>
    public long? BytesPerSecond { get; set; }

    /// <summary>How many bytes had to do with less room than they liked, since the link was made.</summary>
    public long Throttled { get; private set; }

    public bool IsPartitioned { get; private set; }

    /// <summary>New connections are refused.</summary>
    public bool IsRefusing { get; private set; }

    /// <summary>Whether a connection is open over it.</summary>
    public bool IsOpen => Session is not null;

    /// <summary>How many messages were sent over it so far, both ways: those of a while are the ones that its latency delayed.</summary>
    public long Messages { get; private set; }

    internal Session? Session { get; set; }

    internal RandomStream Random => _random;

    private Session? Swallowing { get; set; }

    /// <summary>The connection breaks and both ends hear of it at once. What was under way is lost, answers included.</summary>
    public ModelEffect Cut(string reason = "the connection was cut")
    {
        if (Session is not { } session)
        {
            return new ModelEffect(0, $"{Name} had no connection");
        }

        session.Break(reason);
        return new ModelEffect(1, $"the connection of {Name} to {session.Node.Name} was reset");
    }

    /// <summary>As <see cref="Cut"/>, and until <see cref="Heal"/> new connections are refused.</summary>
    public ModelEffect Disconnect()
    {
        IsRefusing = true;
        return Cut();
    }

    /// <summary>The participant's end breaks; the server goes on believing in the connection until its own pings tell it.</summary>
    public ModelEffect HalfOpen(string reason = "the connection was cut")
    {
        if (Session is not { } session)
        {
            return new ModelEffect(0, $"{Name} had no connection");
        }

        session.BreakHalf(reason, ServerSilence());
        return new ModelEffect(1, $"{session.Node.Name} believes in a connection of {Name} that is gone");
    }

    /// <summary>
    /// What is sent over the present connection vanishes, as behind a firewall that forgot it; new connections work. <see cref="Heal"/> resets
    /// it, if nobody has found out by then.
    /// </summary>
    public void Swallow()
    {
        Swallowing = Session;
        Session?.Swallow(_options.DrawClientSilence(_random), ServerSilence());
    }

    /// <summary>
    /// Nothing passes, neither way, until <see cref="Heal"/>. What is under way waits, as the network's retransmissions would have it; each
    /// end takes the other for gone after its pings went unanswered, if it lasts so long.
    /// </summary>
    public void Partition()
    {
        IsPartitioned = true;
        Session?.Hold(Holds.Link, _options.DrawClientSilence(_random), ServerSilence());
    }

    /// <summary>Everything passes again.</summary>
    /// <returns>How many messages had been held back or swallowed.</returns>
    public ModelEffect Heal()
    {
        long bitten = (IsPartitioned ? Session?.Held ?? 0 : 0) + (Swallowing?.Swallowed ?? 0);
        IsPartitioned = false;
        IsRefusing = false;
        Session?.Release(Holds.Link);
        if (Swallowing is { } swallowing)
        {
            Swallowing = null;
            swallowing.Break("the connection was cut");
        }

        return new ModelEffect(bitten, $"{bitten} messages of {Name} were held back or swallowed");
    }

    /// <summary>From the server that is connected to the leader, and from there to a majority and back.</summary>
    internal TimeSpan DrawRoundOfServers() => (_options.RouteLatency * 2) + _random.Uniform(TimeSpan.Zero, _options.RouteLatency);

    internal TimeSpan DrawLatency()
    {
        Messages++;
        return Jitter > TimeSpan.Zero ? Latency + _random.Uniform(TimeSpan.Zero, Jitter) : Latency;
    }

    internal TimeSpan TimeFor(IRequest request) => BytesPerSecond is { } rate ? TimeFor(request.Size, rate) : TimeSpan.Zero;

    internal TimeSpan TimeFor(IAnswer answer) => BytesPerSecond is { } rate ? TimeFor(answer.Size, rate) : TimeSpan.Zero;

    private TimeSpan TimeFor(int bytes, long rate)
    {
        Throttled += bytes;
        return TimeSpan.FromSeconds((double)bytes / rate);
    }

    private TimeSpan ServerSilence() => _options.ServerPingInterval * (2 + _random.NextDouble());
}
