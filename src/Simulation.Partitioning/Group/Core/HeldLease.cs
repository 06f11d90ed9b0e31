namespace Simulation.Partitioning;

/// <summary>A lease that this member holds, by its own clock: on its id, or on leadership.</summary>
internal sealed class HeldLease(GroupOptions options)
{
    private TimeSpan _attemptStarted;

    /// <summary>What the next compare-and-set expects.</summary>
    public ulong Revision { get; private set; }

    /// <summary>Number of the last attempt.</summary>
    public long Beat { get; private set; }

    /// <summary>From here on others may take it.</summary>
    public TimeSpan TrustedUntil { get => options.IsPlanted(PlantedBugs.LeaseRenewedAfterExpiry) ? TimeSpan.MaxValue : field; private set; }

    public TimeSpan RenewAt { get; private set; }

    public bool AttemptPending { get; private set; }

    /// <summary>
    /// When something is to be done about it next, besides the end of <see cref="TrustedUntil"/>. While an attempt is under way: when the next
    /// one is due if it succeeds, as it nearly always does, so that its success moves no timer.
    /// </summary>
    public TimeSpan WakeAt => AttemptPending ? _attemptStarted + options.RenewInterval : RenewAt;

    /// <summary>An attempt begins; its trust will count from here, because the server may see it at any moment after.</summary>
    public void Attempt(TimeSpan now)
    {
        _attemptStarted = now;
        AttemptPending = true;
        Beat++;
    }

    public void Succeeded(ulong revision)
    {
        AttemptPending = false;
        Revision = revision;
        TrustedUntil = _attemptStarted + options.TrustedFor;
        RenewAt = _attemptStarted + options.RenewInterval;
    }

    /// <summary>The attempt's answer was lost, or an earlier attempt arrived late: what was found is ours, but perhaps an older beat.</summary>
    public void Found(ulong revision, long beat)
    {
        if (beat == Beat)
        {
            Succeeded(revision);
            return;
        }

        AttemptPending = false;
        Revision = revision;
        RenewAt = TimeSpan.Zero;
    }

    public void RenewSoon() => RenewAt = TimeSpan.Zero;
}
