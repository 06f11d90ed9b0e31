using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>From a worker: the name under which the group knows it.</summary>
internal sealed record JoinedGroup(int Worker, MemberId Member);

/// <summary>To a worker: whatever makes it slow or forgetful is over.</summary>
internal sealed record BehaveNormally;

/// <summary>To a worker: there are so many partitions to be owned, those with the lowest numbers. Never fewer than before.</summary>
public sealed record ServePartitions(int Count);

/// <summary>From a worker: how many partitions it owns now.</summary>
public sealed record PartitionsOwned(string Worker, int Count);
