using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>The deliveries of one partition at a worker: one is in its handler, the others wait behind it.</summary>
internal sealed class PartitionQueue
{
    public PartitionQueue(Consumption consumption, Func<PartitionQueue, ActorTask> handler)
    {
        Consumption = consumption;
        Handler = () => handler(this);
    }

    public Consumption Consumption { get; }

    public Queue<HeldDelivery> Waiting { get; } = new();

    public HeldDelivery? InHand { get; set; }

    public bool IsIdle => InHand is null && Waiting.Count == 0;

    /// <summary>Handles until nothing waits. Made once, so that starting it allocates nothing.</summary>
    public Func<ActorTask> Handler { get; }
}
