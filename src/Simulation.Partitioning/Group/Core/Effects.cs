namespace Simulation.Partitioning;

/// <summary>Which of a member's concerns a write belongs to; each has at most one under way (removals: one for each key).</summary>
internal enum Cell { Lease, LeaseEnd, Leader, Assignment, Removal }

internal enum StoreKind { Create, Update }

internal enum WatchKind { Group, Seat, Members }

/// <summary>What a <see cref="MemberCore"/> wants done.</summary>
internal abstract record Effect;

/// <summary>
/// Write, and if it did not certainly succeed, read the key until there is an answer. Ends in <see cref="Settled"/>.
/// </summary>
/// <param name="Term">Of the member's life that asks; answers to an earlier life are nobody's.</param>
internal sealed record Store(int Term, Cell Cell, StoreKind Kind, string Key, byte[] Value, ulong Revision) : Effect;

internal sealed record OpenWatch(WatchKind Kind, string Filter) : Effect;

internal sealed record CloseWatch(WatchKind Kind) : Effect;

internal sealed record TellOwner(object Message) : Effect;
