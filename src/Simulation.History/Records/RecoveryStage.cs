namespace Simulation.History;

/// <summary>What is well again after a fault. The numbers are part of the format.</summary>
public enum RecoveryStage : byte
{
    /// <summary>A message was acknowledged by the server.</summary>
    Publishing = 1,

    /// <summary>Every partition has an owner.</summary>
    Ownership = 2,

    /// <summary>No more messages wait to be processed than before.</summary>
    Backlog = 3,
}
