using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>What a <see cref="MemberCore"/> is told.</summary>
internal abstract record Input;

internal sealed record Start : Input;

internal sealed record Tick : Input;

/// <summary>A write is over. If it was not <paramref name="Done"/>, <paramref name="Found"/> is what the key held afterwards (null for nothing).</summary>
internal sealed record Settled(Store Store, bool Done, ulong Revision, KeyValueEntry? Found) : Input;

/// <summary>The watch begins, or begins anew after a failure: what exists is about to be given.</summary>
internal sealed record WatchBegan(WatchKind Kind) : Input;

internal sealed record WatchChanged(WatchKind Kind, KeyValueEntry Entry) : Input;

internal sealed record WatchCaughtUp(WatchKind Kind) : Input;

internal sealed record OwnerReleased(ImmutableArray<int> Units) : Input;

internal sealed record OwnerHoldsNothing : Input;

internal sealed record OwnerLeaves : Input;

/// <summary>There are more units to share out.</summary>
internal sealed record PlanGrown(GroupPlan Plan) : Input;
