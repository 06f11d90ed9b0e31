using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>What the leader does while it leads: removes leases that ran out, and publishes an assignment whenever the group has changed.</summary>
internal sealed class LeaderDesk(
    GroupOptions options, GroupPlan plan, Outbox outbox, MemberIdentity me, long epoch, TimeSpan since, Roster roster, KnownAssignment known)
{
    private TimeSpan? _changedSince;
    private Publication? _publishing;
    private Rebalance? _rebalance;

    /// <summary>Found to be the same people: a leader asks at every renewal of everybody.</summary>
    private (ImmutableArray<MemberIdentity> Present, AssignmentDocument? Document) _compared;

    public long Epoch => epoch;

    /// <summary>A leader of a greater epoch has published: this one is the past.</summary>
    public bool IsSuperseded => known.Document?.Epoch > epoch;

    /// <summary>There is more to share out.</summary>
    public void Follow(GroupPlan grown) => plan = grown;

    public void Set(ref Alarm alarm)
    {
        alarm.Consider(since + options.ColdStartWindow);
        alarm.Consider(since + options.LeaseTtl);
        alarm.Consider((_changedSince ?? since) + options.PlannedChangeWindow);
        if (roster.NoneOlderThan is { } oldest)
        {
            alarm.Consider(oldest + options.LeaseTtl);
        }
    }

    public void Proceed(TimeSpan now)
    {
        if (!roster.IsComplete)
        {
            return;
        }

        RemoveExpired(now);
        NoteCompletion(now);
        if (_publishing is null && !IsSuperseded)
        {
            PublishIfDue(now);
        }
    }

    public void SettlePublication(Settled settled, TimeSpan now)
    {
        if (_publishing is not { } publication || settled.Store.Value != publication.Value)
        {
            // Written by an earlier leadership of ours; the watch tells what came of it.
            return;
        }

        _publishing = null;
        if (settled.Done)
        {
            known.Learn(publication.Document, settled.Revision);
        }
        else if (settled.Found is { Operation: KeyValueOperation.Put } found)
        {
            known.Learn(GroupCodec.DecodeAssignment(found.Value.Span), found.Revision);
        }
        else
        {
            known.Vanished();
        }

        if (known.Document is { } document && document.Epoch == epoch && document.Version == publication.Document.Version)
        {
            _changedSince = null;
            Announce(publication, now);
        }
    }

    private void RemoveExpired(TimeSpan now)
    {
        foreach (var sighting in roster.UnchangedSince(now - options.LeaseTtl, me))
        {
            // The compare-and-set is what proves it: a member that renewed while our watch slept keeps its lease.
            roster.Condemn(sighting.Record.Member);
            outbox.Remove(sighting);
        }
    }

    private void PublishIfDue(TimeSpan now)
    {
        if (!roster.Shows(me))
        {
            return;
        }

        var present = roster.Present;
        if (known.Document is not { } current)
        {
            if (MayBegin(present.Length, now))
            {
                Publish(present, null, urgent: false);
            }

            return;
        }

        if (AreMembersOf(current, present))
        {
            _changedSince = null;

            // A new leader's first document shuts out whatever its predecessor may still try to write.
            if (current.Epoch < epoch || current.Units.Length < plan.Units)
            {
                Publish(present, current, urgent: false);
            }

            return;
        }

        var missing = current.Members.Except(present).ToArray();
        roster.NoteMissing(missing, known.Revision, now);
        if (missing.Any(member => !roster.IsGone(member, now)))
        {
            return;
        }

        _changedSince ??= now;
        var urgent = missing.Any(member => !roster.HasLeft(member));
        if (urgent || now >= _changedSince + options.PlannedChangeWindow)
        {
            Publish(present, current, urgent);
        }
    }

    private bool AreMembersOf(AssignmentDocument current, ImmutableArray<MemberIdentity> present)
    {
        if (_compared.Document == current && _compared.Present == present)
        {
            return true;
        }

        if (!present.SequenceEqual(current.Members))
        {
            return false;
        }

        _compared = (present, current);
        return true;
    }

    /// <summary>In a bucket that was made again nobody knows who still trusts a lease of the old one; after this time nobody does.</summary>
    private bool MayBegin(int present, TimeSpan now) => known.IsInFoundedBucket
        ? present >= options.ExpectedMembers || now >= since + options.ColdStartWindow
        : now >= since + options.LeaseTtl;

    private void Publish(ImmutableArray<MemberIdentity> present, AssignmentDocument? current, bool urgent)
    {
        var next = HandOver.Next(current, Target(present, current), present, roster.ReleasedOf, epoch, plan.Strategy.Name);
        var value = GroupCodec.Encode(next);
        _publishing = new Publication(next, value, current, urgent);
        if (known.Revision == 0)
        {
            outbox.Create(Cell.Assignment, GroupKeys.Assignment, value);
        }
        else
        {
            outbox.Update(Cell.Assignment, GroupKeys.Assignment, value, known.Revision);
        }
    }

    /// <summary>
    /// While the same ids are there, owners stay: a strategy that looks at the past shall not drift without a cause. What a predecessor shared
    /// out stays shared out, also when we were not told of it yet.
    /// </summary>
    private Assignment Target(ImmutableArray<MemberIdentity> present, AssignmentDocument? current)
    {
        int units = Math.Max(plan.Units, current?.Units.Length ?? 0);
        ImmutableArray<MemberId> ids = [.. present.Select(member => member.Id)];
        var previous = current?.ToAssignment();
        return current is not null && current.Units.Length == units && ids.SequenceEqual(current.Members.Select(member => member.Id))
            ? previous!
            : plan.Strategy.Assign(plan.UnitWeights[..units], ids, previous);
    }

    private void Announce(Publication publication, TimeSpan now)
    {
        var document = publication.Document;
        var moved = Enumerable.Range(0, document.Units.Length).Where(unit => document.Units[unit].Since == document.Version).ToArray();
        if (moved.Length == 0)
        {
            return;
        }

        _rebalance = new Rebalance(document.Version, (_rebalance?.Moved ?? 0) + moved.Length, _rebalance?.StartedAt ?? now);
        outbox.Tell(new RebalanceStarted(
            epoch,
            document.Version,
            moved.Length,
            [.. moved.Where(unit => unit < publication.Replaced?.Units.Length).Select(unit => publication.Replaced!.Units[unit].Owner.Id).Distinct().Order()],
            [.. moved.Select(unit => document.Units[unit].Owner.Id).Distinct().Order()],
            publication.Urgent));
    }

    private void NoteCompletion(TimeSpan now)
    {
        if (_rebalance is not null && known.Document!.Units.All(unit => roster.RunningOf(unit.Owner) >= unit.Since))
        {
            outbox.Tell(new RebalanceCompleted(_rebalance.Version, _rebalance.Moved, now - _rebalance.StartedAt));
            _rebalance = null;
        }
    }

    private sealed record Publication(AssignmentDocument Document, byte[] Value, AssignmentDocument? Replaced, bool Urgent);

    private sealed record Rebalance(long Version, int Moved, TimeSpan StartedAt);
}
