namespace Simulation.History;

/// <summary>Where a run stands. The numbers are part of the format.</summary>
public enum RunPhase : byte
{
    Starting = 0,
    Running = 1,

    /// <summary>Producers have stopped; workers go on until nothing is pending.</summary>
    Draining = 2,

    /// <summary>The stream is read from first to last.</summary>
    Reading = 3,

    Finished = 4,
}
