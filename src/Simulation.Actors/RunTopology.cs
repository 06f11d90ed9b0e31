using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>The names of everything that a run has on the server.</summary>
/// <param name="Stream">Name of the stream.</param>
/// <param name="BucketPrefix">In front of the names of the worker group's buckets.</param>
/// <param name="Layout">Which partition has which subject, unit and consumer.</param>
public sealed record RunTopology(string Stream, string BucketPrefix, PartitionLayout Layout)
{
    public string SubjectOf(int partition) => Layout.Subject(partition);
}
