namespace Simulation.Kernel;

/// <summary>What can happen in a world.</summary>
public enum WorldEventKind
{
    /// <summary>Somebody puts a message into an actor's mailbox, answers a question, or sends something over a modelled wire.</summary>
    Told,

    /// <summary>An actor begins to handle a message.</summary>
    Handled,

    /// <summary>A named timer of an actor fires; the message is its tick.</summary>
    TimerFired,

    /// <summary>Something that an actor awaited has come, and its code goes on.</summary>
    Resumed,

    /// <summary>An actor begins its life.</summary>
    Started,

    /// <summary>An actor fails; its supervisor decides.</summary>
    Failed,

    /// <summary>A new incarnation takes over after a failure.</summary>
    Restarted,

    /// <summary>An actor has ended gracefully.</summary>
    Stopped,

    /// <summary>An actor lost power.</summary>
    Killed,

    /// <summary>A rare but legal thing was made to happen; see <see cref="IActorContext.Buggify"/>.</summary>
    Buggified,

    /// <summary>Whatever somebody above the kernel finds worth a line.</summary>
    Noted,
}
