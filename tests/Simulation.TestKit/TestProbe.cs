using Simulation.Kernel;

namespace Simulation.Testing;

/// <summary>
/// Takes the place of an actor in a test: it keeps what it is told, and the test says what it expects. Give it wherever an
/// <see cref="IActorRef"/> is wanted; it can be watched, stopped and killed like any actor.
/// </summary>
public sealed class TestProbe : IActorRef, IActorRefWrapper
{
    private readonly TestKit _kit;
    private readonly IActorRef _actor;
    private readonly ReceivedMessages _received = new();
    private volatile Func<object, bool>? _ignored;

    internal TestProbe(TestKit kit, string name)
    {
        _kit = kit;
        _actor = kit.ActorOf(() => new ProbeActor(this), name);
    }

    public string Path => _actor.Path;

    public string Name => _actor.Name;

    IActorRef IActorRefWrapper.Actor => _actor;

    /// <summary>Who sent the message that an expectation returned last.</summary>
    public IActorRef? LastSender { get; private set; }

    /// <summary>Messages that no expectation has taken yet.</summary>
    public int Waiting => _received.Count;

    public void Tell(object message, IActorRef? sender = null) => _actor.Tell(message, sender);

    /// <summary>Tells the actor, as this probe.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, this);

    /// <summary>Answers the last message.</summary>
    public void Reply(object message) =>
        (LastSender ?? throw new TestKitException($"{Name}: the last message had no sender to reply to.")).Tell(message, this);

    /// <summary>Passes the last message on, in the name of its sender.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    public void Watch(IActorRef actor) => _actor.Tell(new WatchRequest(actor, true));

    public void Unwatch(IActorRef actor) => _actor.Tell(new WatchRequest(actor, false));

    /// <summary>Forgets such messages as they come, for example heartbeats.</summary>
    public void IgnoreMessages(Func<object, bool> ignored) => _ignored = ignored;

    /// <summary>The next message, which must be of that type.</summary>
    public T ExpectMsg<T>(TimeSpan? patience = null) => ExpectMsg<T>(null, patience);

    /// <summary>The next message, which must be of that type and match.</summary>
    public T ExpectMsg<T>(Func<T, bool>? match, TimeSpan? patience = null) => Check(Next(patience, typeof(T).Name), match);

    /// <summary>The next message, which must equal this one.</summary>
    public T ExpectMsgEqual<T>(T expected, TimeSpan? patience = null)
        where T : notnull
    {
        object message = Next(patience, $"{expected}").Message;
        return expected.Equals(message) ? (T)message : throw new TestKitException($"{Name}: expected {expected}, got {Describe(message)}.");
    }

    /// <summary>As <see cref="ExpectMsg{T}(TimeSpan?)"/>, without holding a thread. In the virtual world it is complete when it returns.</summary>
    public async Task<T> ExpectMsgAsync<T>(TimeSpan? patience = null)
    {
        if (_kit.VirtualWorld is not null)
        {
            return ExpectMsg<T>(patience);
        }

        TimeSpan limit = patience ?? TestKit.DefaultPatience;
        return Check<T>(await _received.NextAsync(limit) ?? throw Missing(typeof(T).Name, limit), null);
    }

    /// <summary>No message comes for that long.</summary>
    public void ExpectNoMsg(TimeSpan duration)
    {
        if (TryNext(duration) is { } received)
        {
            throw new TestKitException($"{Name}: expected no message for {duration}, got {Describe(received.Message)}.");
        }
    }

    /// <summary>The notice that the actor, which this probe watches, is gone.</summary>
    public void ExpectTerminated(IActorRef actor, TimeSpan? patience = null)
    {
        Terminated terminated = ExpectMsg<Terminated>(patience);
        if (!ReferenceEquals(terminated.ActorRef, actor))
        {
            throw new TestKitException($"{Name}: expected the end of {actor.Path}, got that of {terminated.ActorRef.Path}.");
        }
    }

    /// <summary>Passes over messages until one of that type comes that matches.</summary>
    public T FishForMessage<T>(Func<T, bool>? match = null, TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? TestKit.DefaultPatience;
        TimeSpan until = _kit.System.Uptime + limit;
        while (TryNext(until - _kit.System.Uptime) is { } received)
        {
            if (received.Message is T typed && (match is null || match(typed)))
            {
                LastSender = received.Sender;
                return typed;
            }
        }

        throw Missing(typeof(T).Name, limit);
    }

    private static string Describe(object message) => $"{message.GetType().Name} {message}";

    private T Check<T>(Received received, Func<T, bool>? match)
    {
        if (received.Message is not T typed || (match is not null && !match(typed)))
        {
            throw new TestKitException($"{Name}: expected {typeof(T).Name}{(match is null ? "" : " that matches")}, got {Describe(received.Message)}.");
        }

        LastSender = received.Sender;
        return typed;
    }

    private Received Next(TimeSpan? patience, string expected)
    {
        TimeSpan limit = patience ?? TestKit.DefaultPatience;
        Received received = TryNext(limit) ?? throw Missing(expected, limit);
        LastSender = received.Sender;
        return received;
    }

    private Received? TryNext(TimeSpan patience)
    {
        if (_kit.VirtualWorld is null)
        {
            return _received.NextAsync(patience).GetAwaiter().GetResult();
        }

        _kit.VirtualWorld.RunUntil(() => _received.Count > 0, _kit.System.Uptime + patience);
        return _received.TryTake();
    }

    private TestKitException Missing(string expected, TimeSpan patience) => new($"{Name}: expected {expected}, got nothing within {patience}.");

    private sealed record WatchRequest(IActorRef Actor, bool Watch);

    private sealed class ProbeActor : ReceiveActor
    {
        public ProbeActor(TestProbe probe)
        {
            Receive<WatchRequest>(request =>
            {
                if (request.Watch)
                {
                    Context.Watch(request.Actor);
                }
                else
                {
                    Context.Unwatch(request.Actor);
                }
            });
            ReceiveAny(message =>
            {
                if (probe._ignored is not { } ignored || !ignored(message))
                {
                    probe._received.Add(new Received(message, Sender));
                }
            });
        }
    }
}
