using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>A member's way in: sees which ids are taken, and creates the lowest free one.</summary>
/// <param name="former">Who this member was in its last life, which is over; null in the first.</param>
internal sealed class Joining(GroupOptions options, Outbox outbox, ulong incarnation, int? preferredNumber, MemberIdentity? former)
{
    private readonly SortedSet<int> _taken = [];

    /// <summary>Leases that are over, by number: their ids are free, and a claim takes their place.</summary>
    private readonly SortedDictionary<int, (MemberIdentity Member, ulong Revision)> _ended = [];
    private HeldLease _lease = new(options);
    private MemberRecord _claim = new(default, 0, 0, 0);

    /// <summary>A claim may have succeeded without our knowing yet.</summary>
    public bool IsClaiming => _lease.AttemptPending;

    public void Begin() => outbox.Open(WatchKind.Members, GroupKeys.MembersFilter);

    public void Observe(KeyValueEntry entry)
    {
        if (GroupKeys.TryGetMember(entry.Key, out var id))
        {
            Note(id.Number, entry.Operation == KeyValueOperation.Put ? GroupCodec.DecodeMember(entry.Value.Span) : null, entry.Revision);
        }
    }

    public void CatchUp(TimeSpan now)
    {
        if (!_lease.AttemptPending)
        {
            Claim(now);
        }
    }

    /// <returns>What was written and its lease when it is ours; null when another try is under way.</returns>
    public (MemberRecord Record, HeldLease Lease)? Settle(Settled settled, TimeSpan now)
    {
        var found = settled.Found is { Operation: KeyValueOperation.Put } entry ? GroupCodec.DecodeMember(entry.Value.Span) : null;
        if (settled.Done || found is { Ended: false } && found.Member == _claim.Member)
        {
            _lease.Succeeded(settled.Done ? settled.Revision : settled.Found!.Revision);
            outbox.Close(WatchKind.Members);
            return (_claim, _lease);
        }

        Note(_claim.Member.Id.Number, found, settled.Found?.Revision ?? 0);
        if (found is null)
        {
            // The first try may still arrive, so the lease counts from there.
            Send();
            return null;
        }

        Claim(now);
        return null;
    }

    private void Note(int number, MemberRecord? record, ulong revision)
    {
        _taken.Remove(number);
        _ended.Remove(number);
        if (record is { Ended: false })
        {
            _taken.Add(number);
        }
        else if (record is not null)
        {
            _ended[number] = (record.Member, revision);
        }
    }

    private void Claim(TimeSpan now)
    {
        var number = preferredNumber is { } preferred && !_taken.Contains(preferred)
            ? preferred
            : Enumerable.Range(0, _taken.Count + 1).First(candidate => !_taken.Contains(candidate));
        var me = new MemberIdentity(new MemberId(number), incarnation);
        _lease = new HeldLease(options);
        _lease.Attempt(now);
        MemberIdentity? after = _ended.TryGetValue(number, out var ended) ? ended.Member : former?.Id == me.Id ? former : null;
        _claim = new MemberRecord(me, _lease.Beat, 0, 0, After: after);
        Send();
    }

    private void Send()
    {
        var key = GroupKeys.Member(_claim.Member.Id);
        if (_ended.TryGetValue(_claim.Member.Id.Number, out var ended))
        {
            outbox.Update(Cell.Lease, key, GroupCodec.Encode(_claim), ended.Revision);
        }
        else
        {
            outbox.Create(Cell.Lease, key, GroupCodec.Encode(_claim));
        }
    }
}
