using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>One life of a member, from its claim to its end: renews its lease, follows the assignment, and leads when the seat is free.</summary>
internal sealed class Membership
{
    private readonly GroupOptions _options;
    private GroupPlan _plan;
    private readonly Outbox _outbox;
    private readonly HeldLease _lease;
    private readonly string _key;
    private readonly OwnershipLease _trust;
    private readonly Holdings _holdings;
    private readonly LeaderSeat _seat;
    private readonly SeatWatch _seatWatch;
    private readonly Roster _roster;
    private readonly KnownAssignment _known = new();
    private LeaderDesk? _desk;
    private MemberRecord _reported;
    private MemberRecord _written;
    private string? _rosterFilter;
    private int _rank;
    private bool _groupSeen;
    private bool _leaseIsGivenBack;
    private Leaving _leaving;

    public Membership(GroupOptions options, GroupPlan plan, Outbox outbox, MemberRecord claim, HeldLease lease)
    {
        (_options, _plan, _outbox, _lease) = (options, plan, outbox, lease);
        Identity = claim.Member;
        _key = GroupKeys.Member(Identity.Id);
        _trust = new OwnershipLease(options.Clock);
        _holdings = new Holdings(Identity);
        _roster = new Roster(options);
        _seat = new LeaderSeat(options, outbox, Identity);
        _seatWatch = new SeatWatch(options, outbox);
        _reported = _written = claim;
        _trust.TrustUntil(lease.TrustedUntil);

        outbox.Tell(new MemberIdClaimed(Identity.Id, _trust));
        outbox.Open(WatchKind.Group, GroupKeys.GroupFilter);
    }

    private enum Leaving { No, Releasing, EndingLease, Done }

    public MemberIdentity Identity { get; }

    public bool IsLeaving => _leaving != Leaving.No;

    public bool HasLeft => _leaving == Leaving.Done;

    public bool IsLeader => _seat.IsHeld;

    public IEnumerable<int> Held => _holdings.Held;

    public OwnershipLease Trust => _trust;

    /// <summary>Why this life is over; null while it is not.</summary>
    public string? EndReason { get; private set; }

    public void Set(ref Alarm alarm)
    {
        alarm.Consider(_lease.WakeAt);
        alarm.Consider(_lease.TrustedUntil);
        _roster.Set(ref alarm);
        _seat.Set(ref alarm);
        _seatWatch.Set(ref alarm);
        _desk?.Set(ref alarm);
    }

    public void Handle(Input input, TimeSpan now)
    {
        switch (input)
        {
            case WatchBegan { Kind: WatchKind.Members }:
                _roster.Begin(_rosterFilter);
                break;
            case WatchChanged { Kind: WatchKind.Members } change:
                _roster.Follow(change.Entry, now);
                break;
            case WatchChanged { Entry: { Key: GroupKeys.Founded, Operation: KeyValueOperation.Put } }:
                _known.IsInFoundedBucket = true;
                break;
            case WatchCaughtUp { Kind: WatchKind.Members }:
                _roster.CatchUp();
                break;
            case WatchBegan { Kind: WatchKind.Seat }:
                _seatWatch.Begin();
                break;
            case WatchChanged { Kind: WatchKind.Seat } change:
                _seat.Observe(change.Entry, now);
                _seatWatch.NoteChange(_rank, now);
                break;
            case WatchCaughtUp { Kind: WatchKind.Seat }:
                _seatWatch.CatchUp();
                break;
            case WatchChanged { Entry: { Key: GroupKeys.Assignment, Operation: KeyValueOperation.Put } entry } when entry.Revision > _known.Revision:
                _known.Learn(GroupCodec.DecodeAssignment(entry.Value.Span), entry.Revision);
                break;
            case WatchCaughtUp { Kind: WatchKind.Group }:
                _groupSeen = true;
                break;
            case OwnerReleased released:
                _holdings.Release(released.Units);
                break;
            case OwnerLeaves when !IsLeaving:
                _leaving = Leaving.Releasing;
                TellRevoked(_holdings.GiveUpAll());
                break;
            case PlanGrown grown:
                _plan = grown.Plan;
                _desk?.Follow(_plan);
                break;
            case Settled settled:
                Settle(settled, now);
                break;
            default:
                break;
        }
    }

    /// <summary>Does whatever is due, by what is known and by the clock.</summary>
    public void Proceed(TimeSpan now)
    {
        if (now >= _lease.TrustedUntil)
        {
            EndReason ??= $"{Identity.Id} could not renew its lease in time";
        }

        if (EndReason is not null)
        {
            return;
        }

        FollowAssignment();
        TakeUnits(now);
        Leave();
        Lead(now);
        RenewLease(now);
        WatchWhomItConcerns();
        _seatWatch.Proceed(_rank, _seat.IsHeld || _seat.IsBusy, now);
    }

    /// <summary>The end: nothing is held from here on.</summary>
    public void End()
    {
        _trust.End();
        _outbox.Close(WatchKind.Group);
        _outbox.Close(WatchKind.Seat);
        _outbox.Close(WatchKind.Members);
    }

    /// <summary>After an end that was not graceful, and after everything has stopped: lets others have at once what is still in our name.</summary>
    public void GiveBack()
    {
        EndLease(_lease.Revision);
        _seat.Resign();
    }

    /// <summary>What we could not write while the server was away is written as soon as it is back.</summary>
    /// <returns>Whether nothing is in our name any more.</returns>
    public bool SettleGiveBack(Settled settled, TimeSpan now)
    {
        if (settled.Store.Cell == Cell.Leader)
        {
            _seat.Settle(settled, now);
        }
        else if (!settled.Done && OwnRecord(settled.Found) is not null)
        {
            EndLease(settled.Found!.Revision);
        }
        else
        {
            _leaseIsGivenBack = true;
        }

        return _leaseIsGivenBack && !_seat.IsBusy;
    }

    private void Settle(Settled settled, TimeSpan now)
    {
        switch (settled.Store.Cell)
        {
            case Cell.LeaseEnd:
                SettleEnd(settled);
                break;
            case Cell.Lease:
                SettleRenewal(settled);
                break;
            case Cell.Leader:
                _seat.Settle(settled, now);
                break;
            case Cell.Assignment:
                _desk?.SettlePublication(settled, now);
                break;
            default:
                _roster.SettleRemoval(settled, now);
                break;
        }
    }

    private void SettleRenewal(Settled settled)
    {
        if (settled.Done)
        {
            _lease.Succeeded(settled.Revision);
            _reported = _written;
        }
        else if (OwnRecord(settled.Found) is { } record)
        {
            _lease.Found(settled.Found!.Revision, record.Beat);
            _reported = record;
        }
        else
        {
            EndReason = $"{Identity.Id} found its lease taken away";
        }

        _trust.TrustUntil(_lease.TrustedUntil);
    }

    private void SettleEnd(Settled settled)
    {
        if (!settled.Done && OwnRecord(settled.Found) is { } record)
        {
            _lease.Found(settled.Found!.Revision, record.Beat);
            _leaving = Leaving.Releasing;
        }
        else
        {
            _leaving = Leaving.Done;
        }
    }

    private MemberRecord? OwnRecord(KeyValueEntry? found) =>
        found is { Operation: KeyValueOperation.Put } && GroupCodec.DecodeMember(found.Value.Span) is { Ended: false } record && record.Member == Identity ? record : null;

    private void FollowAssignment()
    {
        if (_known.Document is { } document && IsToBeFollowed(document))
        {
            _rank = document.RankOf(Identity);
            TellRevoked(_holdings.Follow(document));
        }
    }

    private bool IsToBeFollowed(AssignmentDocument document) =>
        document.Version > _holdings.Version || (document.Epoch < _holdings.Epoch && _options.IsPlanted(PlantedBugs.NoFencing));

    private void TakeUnits(TimeSpan now)
    {
        if (!_holdings.IsWaiting)
        {
            return;
        }

        _roster.NoteMissing(_holdings.Awaited, _known.Revision, now);
        var granted = _holdings.TakeStartable((contender, version) =>
            _roster.ReleasedOf(contender) >= version || _roster.IsGone(contender, now) || _options.IsPlanted(PlantedBugs.HandOverWithoutWaiting));
        if (!granted.IsEmpty)
        {
            _outbox.Tell(new UnitsGranted(_holdings.Epoch, _holdings.Version, granted));
        }
    }

    private void TellRevoked(ImmutableArray<int> units)
    {
        if (!units.IsEmpty)
        {
            _outbox.Tell(new UnitsRevoked(_holdings.Version, units));
        }
    }

    private void Lead(TimeSpan now)
    {
        _seat.Renew(now);
        if (_groupSeen && _seatWatch.IsCaughtUp && !IsLeaving)
        {
            _seat.TakeIfFree(now, _known.Document?.Epoch ?? 0);
        }

        if (!_seat.IsHeld)
        {
            _desk = null;
            return;
        }

        if (_desk?.Epoch != _seat.Epoch)
        {
            _desk = new LeaderDesk(_options, _plan, _outbox, Identity, _seat.Epoch, now, _roster, _known);
            _outbox.Tell(new LeaderElected(Identity.Id, _seat.Epoch));

            // Our own renewal, seen by our own watch, proves how far that watch has come.
            _lease.RenewSoon();
        }

        WatchWhomItConcerns();
        _desk.Proceed(now);
        if (_desk.IsSuperseded)
        {
            _seat.StepDown();
            _desk = null;
        }
    }

    private void RenewLease(TimeSpan now)
    {
        var due = now >= _lease.RenewAt || _holdings.HasNewsSince(_reported.Released, _reported.Running);
        if (due && !_lease.AttemptPending && _leaving is Leaving.No or Leaving.Releasing)
        {
            _lease.Attempt(now);
            _written = _written with { Beat = _lease.Beat, Released = _holdings.Released, Running = _holdings.Running };
            _outbox.Update(Cell.Lease, _key, GroupCodec.Encode(_written), _lease.Revision);
        }
    }

    private void Leave()
    {
        if (_leaving != Leaving.Releasing || _seat.IsBusy)
        {
            return;
        }

        if (_seat.IsHeld)
        {
            _seat.Resign();
        }
        else if (_holdings.IsEmpty && !_lease.AttemptPending)
        {
            _leaving = Leaving.EndingLease;
            EndLease(_lease.Revision);
        }
    }

    private void EndLease(ulong revision) =>
        _outbox.Update(Cell.LeaseEnd, _key, GroupCodec.Encode(_written with { Ended = true }), revision);

    /// <summary>The leader watches everybody; who waits for others watches those; most of the time nobody else watches anybody.</summary>
    private void WatchWhomItConcerns()
    {
        var wanted = _desk is not null ? GroupKeys.MembersFilter : _holdings.IsWaiting ? FilterFor([.. _holdings.Awaited.Take(2)]) : null;
        var covered = _rosterFilter == wanted || (_rosterFilter == GroupKeys.MembersFilter && wanted is not null);
        if (covered)
        {
            return;
        }

        if (_rosterFilter is not null)
        {
            _outbox.Close(WatchKind.Members);
        }

        _roster.Begin(wanted);
        if (wanted is not null)
        {
            _outbox.Open(WatchKind.Members, wanted);
        }

        _rosterFilter = wanted;
    }

    private static string? FilterFor(ImmutableArray<MemberIdentity> awaited) => awaited switch
    {
        [] => null,
        [var only] => GroupKeys.Member(only.Id),
        _ => GroupKeys.MembersFilter,
    };
}
