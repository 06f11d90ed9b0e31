namespace Simulation.Kernel;

/// <summary>How to make an actor, and again after a restart.</summary>
public sealed record Props(Func<ActorBase> Factory)
{
    /// <summary>Messages that may wait before <see cref="IActorContext.TellAsync"/> holds its sender back; null for no bound.</summary>
    public int? MailboxCapacity { get; init; }

    public static Props Create(Func<ActorBase> factory) => new(factory);

    public Props WithMailboxCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return this with { MailboxCapacity = capacity };
    }
}
