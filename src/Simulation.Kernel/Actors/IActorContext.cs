using System.Diagnostics.CodeAnalysis;

namespace Simulation.Kernel;

/// <summary>What an actor may use of the world. Valid from the actor's constructor on, and only inside the actor's own turns.</summary>
public interface IActorContext
{
    ActorSystem System { get; }

    IActorRef Self { get; }

    /// <summary>Who sent the message in hand; null for none.</summary>
    IActorRef? Sender { get; }

    IActorRef? Parent { get; }

    /// <summary>In the order of their creation.</summary>
    IReadOnlyCollection<IActorRef> Children { get; }

    IActorRef? Child(string name);

    /// <summary>The wall clock of the world; never steps back within a run.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since the system started, monotonic.</summary>
    TimeSpan Uptime { get; }

    /// <summary>This actor's own stream of chance, derived from the seed and the actor's path. It goes on across restarts.</summary>
    RandomStream Random { get; }

    /// <summary>
    /// Whether a rare but legal thing is to happen here: less than was asked for, later than usual, at the worst moment. Always false in
    /// the real world; in the virtual one some seeds enable some sites, and those fire now and then. A site only makes happen what could
    /// happen anyway.
    /// </summary>
    /// <param name="site">Names the place, for example <c>group.renewal-late</c>; a constant.</param>
    /// <param name="rarelyMet">Met only a few times in a run, so that it fires more often when it is; the same at each meeting.</param>
    bool Buggify(string site, bool rarelyMet = false);

    /// <inheritdoc cref="Buggify(string, bool)"/>
    /// <param name="site">Names the place.</param>
    /// <param name="chance">When it fires: a stream to draw from how much, so that no other draw is disturbed.</param>
    /// <param name="rarelyMet">As above.</param>
    bool Buggify(string site, [NotNullWhen(true)] out RandomStream? chance, bool rarelyMet = false);

    /// <summary>
    /// Whether a mistake of ours is switched on here, to show that exploring finds it. Always false in the real world, and in the virtual one
    /// unless its dispatcher was told; see docs/decisions/planted-bugs.md.
    /// </summary>
    /// <param name="bug">Its name; a constant, in the <c>PlantedBugs</c> of the room that would make the mistake.</param>
    bool IsPlanted(string bug);

    ITimers Timers { get; }

    /// <summary>Makes a child. Its constructor and <see cref="ActorBase.PreStart"/> run in its own first turn; a failure there is the supervisor's.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Unique among living siblings, without a slash.</param>
    IActorRef ActorOf(Props props, string name);

    /// <summary>Graceful: the message in hand finishes, children stop first, then <see cref="ActorBase.PostStop"/> runs. What is left in the mailbox becomes dead letters.</summary>
    void Stop(IActorRef actor);

    /// <summary>Power loss for the actor and its children: mailbox cleared, continuations dropped, no clean-up code runs.</summary>
    void Kill(IActorRef actor);

    /// <summary>
    /// The actor and its children stand still as a stopped process does: what reaches them waits, timers that fall due included, until
    /// <see cref="Thaw"/>. A kill ends them all the same; a stop waits.
    /// </summary>
    void Freeze(IActorRef actor);

    /// <summary>Ends <see cref="Freeze"/>: everything that has waited is there at once.</summary>
    void Thaw(IActorRef actor);

    /// <summary>Tell me <see cref="Terminated"/> when it is gone, by whatever cause; at once if it is gone already.</summary>
    void Watch(IActorRef actor);

    /// <summary>Tell me this message instead of <see cref="Terminated"/>.</summary>
    void WatchWith(IActorRef actor, object message);

    /// <summary>Not even a notice that waits in the mailbox already will be handled.</summary>
    void Unwatch(IActorRef actor);

    /// <summary>Goes on after that time; zero goes on in a later turn.</summary>
    ActorTask Delay(TimeSpan delay);

    /// <summary>Sends and awaits one answer; throws <see cref="AskTimeoutException"/>. An answer of type <see cref="Status.Failure"/> throws its cause.</summary>
    ActorTask<T> Ask<T>(IActorRef actor, object message, TimeSpan timeout);

    /// <summary>Tells, and waits while the receiver's bounded mailbox is over its bound. The message is never lost, even if the sender dies waiting.</summary>
    ActorTask TellAsync(IActorRef actor, object message);

    /// <summary>
    /// Starts a loop inside this actor, interleaved with its messages at awaits (never in parallel). A failure of it is a failure of
    /// the actor. It is abandoned when the actor stops, restarts or is killed: code after its current await does not run.
    /// </summary>
    void Spawn(Func<ActorTask> loop);

    /// <summary>As <see cref="Spawn(Func{ActorTask})"/>, for what is begun so often that a closure each time would count.</summary>
    void Spawn<TState>(Func<TState, ActorTask> loop, TState state);
}
