using System.Collections.Immutable;
using Simulation.History;

namespace Simulation.Actors;

/// <summary>To the tracker, when nobody writes any more; answered with a <see cref="Judgement"/>.</summary>
internal sealed record Judge;

/// <summary>From the tracker: what it has folded so far.</summary>
public sealed record TrackingStatus(TrackerSnapshot Totals, ImmutableArray<PartitionCounts> Partitions);

/// <summary>The verdict, and every message that something is wrong with.</summary>
/// <param name="Verdict">From the logs alone.</param>
/// <param name="Evidence">All of it.</param>
/// <param name="Tracking">What was followed live, to its end; null when nobody measures it.</param>
public sealed record Judgement(Verdict Verdict, ImmutableArray<Evidence> Evidence, TrackingStatus? Tracking);
