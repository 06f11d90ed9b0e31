using System.Collections.Immutable;
using Simulation.History;

namespace Simulation.Actors;

/// <summary>To the tracker, when nobody writes any more; answered with a <see cref="Judgement"/>.</summary>
internal sealed record Judge;

/// <summary>From the tracker: what it has folded so far.</summary>
public sealed record TrackingStatus(TrackerSnapshot Totals, ImmutableArray<PartitionCounts> Partitions);

/// <summary>To the coordinator: what the tracker has folded so far, to be kept; answered with <see cref="FoldedSoFar"/>, if there is anything.</summary>
public sealed record GetFolded;

/// <param name="Fold">All of it.</param>
/// <param name="Totals">What it comes to.</param>
/// <param name="SentFor">For how long messages have been sent.</param>
/// <param name="Staff">Who is to be there, by name.</param>
public sealed record FoldedSoFar(FoldSnapshot Fold, TrackerSnapshot Totals, TimeSpan SentFor, ImmutableArray<string> Staff);

/// <summary>The verdict, and every message that something is wrong with.</summary>
/// <param name="Verdict">From the logs alone.</param>
/// <param name="Evidence">All of it.</param>
/// <param name="Tracking">What was followed live, to its end; null when nobody measures it.</param>
public sealed record Judgement(Verdict Verdict, ImmutableArray<Evidence> Evidence, TrackingStatus? Tracking);
