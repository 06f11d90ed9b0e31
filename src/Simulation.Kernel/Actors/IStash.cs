namespace Simulation.Kernel;

/// <summary>Messages that an actor has set aside for a later phase. A restart puts them back; a stop makes them dead letters; a kill loses them.</summary>
public interface IStash
{
    /// <summary>Messages set aside.</summary>
    int Count { get; }

    /// <summary>Sets the message in hand aside.</summary>
    void Stash();

    /// <summary>Puts the oldest one back at the head of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts everything that was set aside back at the head of the mailbox, oldest first.</summary>
    void UnstashAll();
}
