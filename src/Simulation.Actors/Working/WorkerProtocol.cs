namespace Simulation.Actors;

/// <summary>From a worker: how many partitions it owns now.</summary>
public sealed record PartitionsOwned(string Worker, int Count);
