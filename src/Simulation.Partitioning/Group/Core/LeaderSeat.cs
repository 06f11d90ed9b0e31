using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>
/// The one place of leadership: taken when it is vacant or has not been renewed for a lease's time, kept by renewal. Holding it is not what
/// makes writes safe (compare-and-set does); it only keeps two members from working against each other. <see cref="SeatWatch"/> says who looks at it.
/// </summary>
internal sealed class LeaderSeat(GroupOptions options, Outbox outbox, MemberIdentity me)
{
    private LeaderRecord? _seen;
    private ulong _seenRevision;
    private TimeSpan _seenAt;
    private HeldLease _lease = new(options);
    private LeaderRecord _written = new(null, 0, 0);
    private bool _resigning;

    public bool IsHeld { get; private set; }

    /// <summary>Of our leadership, while <see cref="IsHeld"/>.</summary>
    public long Epoch => _written.Epoch;

    /// <summary>A write is under way.</summary>
    public bool IsBusy => _lease.AttemptPending || _resigning;

    public void Set(ref Alarm alarm)
    {
        if (!IsHeld)
        {
            alarm.Consider(_seenAt + options.LeaseTtl);
            return;
        }

        alarm.Consider(_lease.RenewAt);
        alarm.Consider(_lease.TrustedUntil);
    }

    public void Observe(KeyValueEntry entry, TimeSpan now)
    {
        if (entry.Revision > _seenRevision && entry.Operation == KeyValueOperation.Put)
        {
            See(GroupCodec.DecodeLeader(entry.Value.Span), entry.Revision, now);
            IsHeld &= _seen?.Holder == me;
        }
    }

    /// <summary>Renews the seat if it is ours.</summary>
    public void Renew(TimeSpan now)
    {
        IsHeld &= now < _lease.TrustedUntil;
        if (IsHeld && !IsBusy && now >= _lease.RenewAt)
        {
            Write(Epoch, now);
        }
    }

    /// <summary>Takes the seat if it is free.</summary>
    /// <param name="epochInUse">Of the newest assignment; a new leader's is greater.</param>
    public void TakeIfFree(TimeSpan now, long epochInUse)
    {
        var isFree = _seen?.Holder is null || _seen.Holder == me || now >= _seenAt + options.LeaseTtl;
        if (!IsHeld && !IsBusy && isFree)
        {
            _lease = new HeldLease(options);
            Write(Math.Max(_seen?.Epoch ?? 0, epochInUse) + 1, now);
        }
    }

    public void StepDown() => IsHeld = false;

    public void Settle(Settled settled, TimeSpan now)
    {
        if (_resigning)
        {
            SettleResignation(settled, now);
        }
        else if (settled.Done)
        {
            _lease.Succeeded(settled.Revision);
            See(_written, settled.Revision, now);
            IsHeld = now < _lease.TrustedUntil;
        }
        else
        {
            SettleByWhatIsThere(settled.Found, now);
        }
    }

    /// <summary>Gives the seat up, if it is ours, so that the next leader need not wait for the lease to run out.</summary>
    public void Resign()
    {
        IsHeld = false;
        _lease = new HeldLease(options);
        if (_seen?.Holder == me)
        {
            _resigning = true;
            outbox.Update(Cell.Leader, GroupKeys.Leader, GroupCodec.Encode(_seen with { Holder = null }), _seenRevision);
        }
    }

    private void SettleResignation(Settled settled, TimeSpan now)
    {
        _resigning = false;
        if (!settled.Done && settled.Found is { Operation: KeyValueOperation.Put } found && GroupCodec.DecodeLeader(found.Value.Span).Holder == me)
        {
            Observe(found, now);
            Resign();
        }
    }

    private void SettleByWhatIsThere(KeyValueEntry? entry, TimeSpan now)
    {
        var found = entry is { Operation: KeyValueOperation.Put } ? GroupCodec.DecodeLeader(entry.Value.Span) : null;
        if (found?.Holder == me && found.Epoch == _written.Epoch)
        {
            _lease.Found(entry!.Revision, found.Beat);
            IsHeld = now < _lease.TrustedUntil;
        }
        else
        {
            _lease = new HeldLease(options);
            IsHeld = false;
        }

        See(found, entry?.Revision ?? 0, now);
    }

    private void Write(long epoch, TimeSpan now)
    {
        _lease.Attempt(now);
        _written = new LeaderRecord(me, epoch, _lease.Beat);
        if (_seen is null)
        {
            outbox.Create(Cell.Leader, GroupKeys.Leader, GroupCodec.Encode(_written));
        }
        else
        {
            outbox.Update(Cell.Leader, GroupKeys.Leader, GroupCodec.Encode(_written), _seenRevision);
        }
    }

    private void See(LeaderRecord? record, ulong revision, TimeSpan now)
    {
        // An answer may come after the watch has already shown something newer.
        if (record is not null && revision < _seenRevision)
        {
            return;
        }

        _seenAt = revision == _seenRevision ? _seenAt : now;
        _seen = record;
        _seenRevision = revision;
    }
}
