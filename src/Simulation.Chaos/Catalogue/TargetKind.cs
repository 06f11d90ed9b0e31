namespace Simulation.Chaos;

/// <summary>What a fault is aimed at.</summary>
public enum TargetKind
{
    /// <summary>The run as a whole: nothing is named.</summary>
    Run,

    /// <summary><c>worker-42</c>.</summary>
    Worker,

    /// <summary><c>producer-3</c>.</summary>
    Producer,

    /// <summary>A worker or a producer.</summary>
    Participant,

    /// <summary>A server of the run's own, by its name.</summary>
    Server,

    /// <summary>A participant or a server.</summary>
    ParticipantOrServer,

    /// <summary><c>partition-17</c>: the durable consumer that carries it.</summary>
    Partition,
}
