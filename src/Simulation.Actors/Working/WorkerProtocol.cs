using System.Collections.Immutable;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>From a worker: the name under which the group knows it.</summary>
internal sealed record JoinedGroup(int Worker, MemberId Member);

/// <summary>To a worker: whatever makes it slow or forgetful is over.</summary>
internal sealed record BehaveNormally;

/// <summary>To a worker: there are so many partitions to be owned, those with the lowest numbers. Never fewer than before.</summary>
public sealed record ServePartitions(int Count);

/// <summary>From a worker: the partitions that it owns now, as far as it knows.</summary>
public sealed record PartitionsOwned(string Worker, ImmutableArray<int> Partitions);
