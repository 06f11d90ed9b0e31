namespace Simulation.Host.Checkpoints;

/// <summary>What has become of a run.</summary>
internal enum RunState
{
    /// <summary>A process conducts it.</summary>
    Running,

    /// <summary>It has its verdict.</summary>
    Finished,

    /// <summary>It has none, and can go on.</summary>
    Resumable,

    /// <summary>It has none, and never will.</summary>
    Interrupted,
}
