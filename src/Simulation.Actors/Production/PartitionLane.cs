using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>A partition as its producer sees it: what waits to be sent there, and how many senders work on it.</summary>
internal sealed class PartitionLane
{
    public PartitionLane(int partition, byte[] subject, int weight, Func<PartitionLane, ActorTask> sender)
    {
        Partition = partition;
        Subject = subject;
        Weight = weight;
        Sender = () => sender(this);
    }

    public int Partition { get; }

    public byte[] Subject { get; }

    public int Weight { get; }

    public Queue<OpenIntent> Waiting { get; } = new();

    /// <summary>Whether messages fall due here.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The last sequence that fell due.</summary>
    public long Taken { get; set; }

    /// <summary>Senders that are at work.</summary>
    public int Senders { get; set; }

    /// <summary>Sends until nothing waits. Made once, so that starting a sender allocates nothing.</summary>
    public Func<ActorTask> Sender { get; }
}
