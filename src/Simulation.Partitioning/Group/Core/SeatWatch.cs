namespace Simulation.Partitioning;

/// <summary>
/// Who looks at the leader's seat, and when. Its renewals concern those who would take it: the first few members of the assignment, who
/// watch it all the time. In case these and the leader went down at once, everybody else looks at it now and then, the later in the list
/// the more rarely, until there is a sign of life: so a hundred members cost hardly more than the first few.
/// </summary>
internal sealed class SeatWatch(GroupOptions options, Outbox outbox)
{
    private const int Deputies = 5;

    private TimeSpan _lookAt;
    private bool _isOpen;

    /// <summary>What is seen of the seat is what is there. What was seen before says nothing about whether it is still renewed.</summary>
    public bool IsCaughtUp { get; private set; }

    public void Set(ref Alarm alarm)
    {
        if (!_isOpen)
        {
            alarm.Consider(_lookAt);
        }
    }

    /// <summary>The watch begins, or begins anew.</summary>
    public void Begin() => IsCaughtUp = false;

    public void CatchUp() => IsCaughtUp = true;

    /// <summary>The seat has changed.</summary>
    /// <param name="rank">Our place in the assignment.</param>
    /// <param name="now">By our own clock.</param>
    public void NoteChange(int rank, TimeSpan now)
    {
        if (IsCaughtUp)
        {
            _lookAt = now + ((rank + 1) * options.LeaseTtl);
        }
    }

    /// <param name="rank">Our place in the assignment; 0 while there is none, so that the first leader is found at once.</param>
    /// <param name="isConcerned">The seat is ours, or may be.</param>
    /// <param name="now">By our own clock.</param>
    public void Proceed(int rank, bool isConcerned, TimeSpan now)
    {
        var shallBeOpen = isConcerned || rank < Deputies || now >= _lookAt;
        if (shallBeOpen == _isOpen)
        {
            return;
        }

        _isOpen = shallBeOpen;
        IsCaughtUp = false;
        if (_isOpen)
        {
            outbox.Open(WatchKind.Seat, GroupKeys.Leader);
        }
        else
        {
            outbox.Close(WatchKind.Seat);
        }
    }
}
