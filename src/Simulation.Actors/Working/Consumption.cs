using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>One durable consumer as its worker pulls it: what has been received and is not settled yet, by partition.</summary>
internal sealed class Consumption(IPullSubscription subscription, int prefetch)
{
    private readonly Signal _settled = new();

    public IPullSubscription Subscription { get; } = subscription;

    private readonly OrderedTable<int, PartitionQueue> _queues = new();

    /// <summary>In order of partition.</summary>
    public PartitionQueue[] Queues => _queues.InOrder;

    /// <summary>Deliveries received and not settled.</summary>
    public int Held { get; private set; }

    public bool IsFull => Held >= prefetch;

    /// <summary>The hold is over: what is still in a handler must be neither recorded as processed nor acknowledged.</summary>
    public bool Abandoned { get; set; }

    /// <returns>Null before the partition's first delivery.</returns>
    public PartitionQueue? QueueOf(int partition) => _queues.Find(partition);

    public void Add(int partition, PartitionQueue queue) => _queues.Add(partition, queue);

    public void Take() => Held++;

    public void Settled()
    {
        Held--;
        _settled.Set();
    }

    /// <summary>Completes when something held is settled.</summary>
    public ActorTask<bool> WhenSettledAsync() => _settled.WaitAsync();
}
