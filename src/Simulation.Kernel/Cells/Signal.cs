namespace Simulation.Kernel;

/// <summary>What the kernel itself sends to a cell: handled before and between messages, and while a handler awaits.</summary>
internal abstract class Signal
{
    internal abstract void Deliver(ActorCell cell);
}
