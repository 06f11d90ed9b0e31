using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>A member's way in: sees which ids are taken, and creates the lowest free one.</summary>
internal sealed class Joining(GroupOptions options, Outbox outbox, ulong incarnation, int? preferredNumber)
{
    private readonly SortedSet<int> _taken = [];
    private HeldLease _lease = new(options);
    private MemberIdentity _claim;

    /// <summary>A claim may have succeeded without our knowing yet.</summary>
    public bool IsClaiming => _lease.AttemptPending;

    public void Begin() => outbox.Open(WatchKind.Members, GroupKeys.MembersFilter);

    public void Observe(KeyValueEntry entry)
    {
        if (GroupKeys.TryGetMember(entry.Key, out var id))
        {
            _ = entry.Operation == KeyValueOperation.Put ? _taken.Add(id.Number) : _taken.Remove(id.Number);
        }
    }

    public void CatchUp(TimeSpan now)
    {
        if (!_lease.AttemptPending)
        {
            Claim(now);
        }
    }

    /// <returns>The identity and its lease when it is ours; null when another try is under way.</returns>
    public (MemberIdentity Identity, HeldLease Lease)? Settle(Settled settled, TimeSpan now)
    {
        var found = settled.Found is { Operation: KeyValueOperation.Put } entry ? GroupCodec.DecodeMember(entry.Value.Span) : null;
        if (settled.Done || found?.Member == _claim)
        {
            _lease.Succeeded(settled.Done ? settled.Revision : settled.Found!.Revision);
            outbox.Close(WatchKind.Members);
            return (_claim, _lease);
        }

        if (found is null)
        {
            // The first try may still arrive, so the lease counts from there.
            Send();
            return null;
        }

        _taken.Add(_claim.Id.Number);
        Claim(now);
        return null;
    }

    private void Claim(TimeSpan now)
    {
        var number = preferredNumber is { } preferred && !_taken.Contains(preferred)
            ? preferred
            : Enumerable.Range(0, _taken.Count + 1).First(candidate => !_taken.Contains(candidate));
        _claim = new MemberIdentity(new MemberId(number), incarnation);
        _lease = new HeldLease(options);
        _lease.Attempt(now);
        Send();
    }

    private void Send() =>
        outbox.Create(Cell.Lease, GroupKeys.Member(_claim.Id), GroupCodec.Encode(new MemberRecord(_claim, _lease.Beat, 0, 0)));
}
