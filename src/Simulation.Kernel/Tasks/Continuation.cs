namespace Simulation.Kernel;

/// <summary>
/// The rest of something that awaits, to be resumed inside a turn of its owner. It belongs to one incarnation of the actor: after a
/// restart, a stop or a kill the actor's epoch has moved on, and the continuation is dropped. No code of it runs then, not even its
/// <c>finally</c> blocks.
/// </summary>
internal abstract class Continuation : Signal
{
    internal ActorCell Owner { get; private set; } = null!;

    internal int Epoch { get; private set; }

    internal abstract void Resume();

    internal sealed override void Deliver(ActorCell cell)
    {
        if (Epoch == cell.Epoch)
        {
            cell.Resume(this);
        }
    }

    protected void BindTo(ActorCell owner)
    {
        Owner = owner;
        Epoch = owner.Epoch;
    }

    /// <summary>On the way into a pool, which outlives worlds: what lies there must not keep one alive.</summary>
    protected void Unbind() => Owner = null!;
}
