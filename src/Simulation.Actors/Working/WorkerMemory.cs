namespace Simulation.Actors;

/// <summary>What a worker knows that is told once: it outlives the restart of one that failed.</summary>
internal sealed class WorkerMemory(RunOptions run)
{
    /// <summary>Partitions that there are, those with the lowest numbers.</summary>
    public int Served { get; set; } = run.Workload.Options.Partitions.Count;
}
