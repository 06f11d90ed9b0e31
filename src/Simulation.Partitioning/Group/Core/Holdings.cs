using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>One member's side of the hand-over: what it holds, what it is giving up, what it waits for.</summary>
internal sealed class Holdings(MemberIdentity me)
{
    private readonly SortedDictionary<int, long> _heldSince = [];
    private readonly SortedSet<int> _releasing = [];
    private readonly SortedSet<int> _waiting = [];
    private AssignmentDocument? _document;
    private bool _givenUp;
    private long _othersWaitForRelease;
    private long _leaderWaitsForRun;

    /// <summary>Of the assignment that is followed; 0 before the first.</summary>
    public long Version => _document?.Version ?? 0;

    public long Epoch => _document?.Epoch ?? 0;

    /// <summary>Nothing is held that the assignment of this version gives to others.</summary>
    public long Released { get; private set; }

    /// <summary>Everything is held that the assignment of this version gives to this member.</summary>
    public long Running { get; private set; }

    public bool IsEmpty => _heldSince.Count == 0 && _releasing.Count == 0;

    public IEnumerable<int> Held => _heldSince.Keys;

    /// <summary>Some unit is given to this member and not held yet.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Whose release some unit waits for.</summary>
    public IEnumerable<MemberIdentity> Awaited => _waiting.SelectMany(unit => Ownership(unit).Contenders).Distinct();

    /// <summary>Takes a newer assignment.</summary>
    /// <returns>Units that must stop: given to another, or taken away and given back in between.</returns>
    public ImmutableArray<int> Follow(AssignmentDocument document)
    {
        _document = document;
        var revoked = Revoke(unit => unit >= document.Units.Length || Ownership(unit).Owner != me || Ownership(unit).Since != _heldSince[unit]);

        _waiting.Clear();
        for (var unit = 0; unit < document.Units.Length; unit++)
        {
            var ownership = document.Units[unit];
            if (ownership.Owner == me)
            {
                _leaderWaitsForRun = Math.Max(_leaderWaitsForRun, ownership.Since);
                if (!_givenUp && !_heldSince.ContainsKey(unit))
                {
                    _waiting.Add(unit);
                }
            }
            else if (ownership.Contenders.Contains(me))
            {
                _othersWaitForRelease = Math.Max(_othersWaitForRelease, ownership.Since);
            }
        }

        NoteProgress();
        return revoked;
    }

    /// <summary>For a graceful leave: everything must stop and nothing is taken any more.</summary>
    public ImmutableArray<int> GiveUpAll()
    {
        _givenUp = true;
        _waiting.Clear();
        return Revoke(_ => true);
    }

    /// <summary>The worker has really stopped these.</summary>
    public void Release(ImmutableArray<int> units)
    {
        _releasing.ExceptWith(units);
        NoteProgress();
    }

    /// <summary>Takes what nobody else can hold any more.</summary>
    /// <param name="hasReleased">Whether a contender has released a version, or is gone.</param>
    public ImmutableArray<int> TakeStartable(Func<MemberIdentity, long, bool> hasReleased)
    {
        if (!IsWaiting)
        {
            return [];
        }

        ImmutableArray<int> startable =
            [.. _waiting.Where(unit => !_releasing.Contains(unit) && Ownership(unit).Contenders.All(contender => hasReleased(contender, Ownership(unit).Since)))];
        foreach (var unit in startable)
        {
            _waiting.Remove(unit);
            _heldSince[unit] = Ownership(unit).Since;
        }

        NoteProgress();
        return startable;
    }

    /// <summary>Whether somebody waits to hear what has changed since the last report.</summary>
    public bool HasNewsSince(long reportedReleased, long reportedRunning) =>
        (reportedReleased < _othersWaitForRelease && Released >= _othersWaitForRelease)
        || (reportedRunning < _leaderWaitsForRun && Running >= _leaderWaitsForRun);

    private UnitOwnership Ownership(int unit) => _document!.Units[unit];

    private ImmutableArray<int> Revoke(Func<int, bool> mustStop)
    {
        ImmutableArray<int> revoked = [.. _heldSince.Keys.Where(mustStop)];
        foreach (var unit in revoked)
        {
            _heldSince.Remove(unit);
            _releasing.Add(unit);
        }

        return revoked;
    }

    private void NoteProgress()
    {
        if (_releasing.Count == 0)
        {
            Released = Version;
        }

        if (_waiting.Count == 0 && !_givenUp)
        {
            Running = Version;
        }
    }
}
