using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>
/// The other members' leases, as a watch has shown them. A lease is judged by how long its revision has not changed by our own clock. Its end
/// needs proof, because a watch may be behind: it was closed, or followed by one that began after its end. One that is missing without a
/// close was deleted by somebody else; its holder does not know and trusts it for a lease's time.
/// </summary>
internal sealed class Roster(GroupOptions options)
{
    private readonly Dictionary<MemberId, Sighting> _sightings = [];
    private readonly HashSet<MemberIdentity> _condemned = [];
    private readonly HashSet<MemberIdentity> _departed = [];
    private readonly HashSet<MemberIdentity> _left = [];

    /// <summary>Since when a lease is known to be missing though nobody closed it. What is not shown any more does not come back, so it outlives a watch.</summary>
    private readonly Dictionary<MemberIdentity, TimeSpan> _missingSince = [];
    private string? _filter;
    private ImmutableArray<MemberIdentity>? _present;
    private ulong _position;

    /// <summary>What existed when the watch began has been seen.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Sorted; made anew only when it has changed, because a leader asks at every renewal of everybody.</summary>
    public ImmutableArray<MemberIdentity> Present => _present ??= [.. Sightings.Select(sighting => sighting.Record.Member)];

    /// <summary>No sighting that may run out is older than this, so that most of the time nobody has to look through them. Null when there is none.</summary>
    public TimeSpan? NoneOlderThan { get; private set; }

    /// <summary>For when a missing lease is over at the latest.</summary>
    public void Set(ref Alarm alarm)
    {
        foreach (var since in _missingSince.Values)
        {
            alarm.Consider(since + options.LeaseTtl);
        }
    }

    /// <param name="filter">Whom the watch shows: what it does not show is not absent. Null for nobody.</param>
    public void Begin(string? filter)
    {
        _filter = filter;
        _sightings.Clear();
        _present = null;
        NoneOlderThan = null;
        _departed.Clear();
        _left.Clear();
        _position = 0;
        IsComplete = false;
    }

    public void CatchUp() => IsComplete = true;

    /// <summary>The watch gave an entry.</summary>
    public void Follow(KeyValueEntry entry, TimeSpan now)
    {
        if (!GroupKeys.TryGetMember(entry.Key, out var id))
        {
            return;
        }

        _position = Math.Max(_position, entry.Revision);
        if (entry.Operation == KeyValueOperation.Put)
        {
            See(entry, now);
        }
        else if (_sightings.TryGetValue(id, out var sighting) && sighting.Revision < entry.Revision)
        {
            Miss(sighting.Record.Member, now);
        }
    }

    /// <summary>A lease was read, by the watch or beside it.</summary>
    public void See(KeyValueEntry entry, TimeSpan now)
    {
        if (!GroupKeys.TryGetMember(entry.Key, out var id))
        {
            return;
        }

        var before = _sightings.GetValueOrDefault(id);
        if (before is not null && before.Revision >= entry.Revision)
        {
            return;
        }

        var isRenewal = before is not null && GroupCodec.IsRenewal(before.Value.Span, entry.Value.Span);
        var record = isRenewal ? before!.Record : GroupCodec.DecodeMember(entry.Value.Span);
        if (_departed.Contains(record.Member))
        {
            return;
        }

        if (before is not null && before.Record.Member != record.Member && before.Record.Member != record.After)
        {
            Miss(before.Record.Member, now);
        }

        if (record.After is { } predecessor)
        {
            Depart(predecessor);
        }

        if (record.Ended)
        {
            if (options.IsPlanted(PlantedBugs.WatchMissesDelete))
            {
                Condemn(record.Member); // Or the leader would find out as soon as the lease has run out.
                return;
            }

            Depart(record.Member);
            return;
        }

        _condemned.Remove(record.Member);
        _missingSince.Remove(record.Member);
        _sightings[id] = new Sighting(record, entry.Value, entry.Revision, now);
        if (before is null || before.Record.Member != record.Member)
        {
            _present = null;
        }

        NoneOlderThan ??= now;
    }

    /// <summary>Whose lease has not changed since that time; without ours, and without those that are being removed already.</summary>
    public ImmutableArray<Sighting> UnchangedSince(TimeSpan time, MemberIdentity me)
    {
        if (NoneOlderThan is not { } none || time < none)
        {
            return [];
        }

        Sighting[] others = [.. Sightings.Where(sighting => sighting.Record.Member != me && !_condemned.Contains(sighting.Record.Member))];
        Sighting[] newer = [.. others.Where(sighting => sighting.ObservedAt > time)];
        NoneOlderThan = newer.Length == 0 ? null : newer.Min(sighting => sighting.ObservedAt);
        return [.. others.Where(sighting => sighting.ObservedAt <= time)];
    }

    /// <summary>We are about to remove its lease; if it vanishes now, it did not leave by itself.</summary>
    public void Condemn(MemberIdentity member) => _condemned.Add(member);

    /// <summary>The removal of a condemned member's lease is over.</summary>
    public void SettleRemoval(Settled settled, TimeSpan now)
    {
        var removed = GroupCodec.DecodeMember(settled.Store.Value).Member;
        if (settled.Done)
        {
            Depart(removed);
        }
        else if (settled.Found is { Operation: KeyValueOperation.Put } found)
        {
            Pardon(removed);
            See(found, now);
        }

        // Nothing found: a read may be behind. If it is gone, the watch will say so.
    }

    /// <summary>Whether a lease of the member is known.</summary>
    public bool Shows(MemberIdentity member) => Find(member) is not null;

    public void Depart(MemberIdentity member)
    {
        _departed.Add(member);
        _missingSince.Remove(member);
        if (!_condemned.Remove(member))
        {
            _left.Add(member);
        }

        Forget(member);
    }

    /// <summary>
    /// Begins to wait for the leases of those who should be here and are not. All of them at once: one after the other each would cost a
    /// lease's time.
    /// </summary>
    /// <param name="members">Whom somebody wants to see gone.</param>
    /// <param name="knownAt">A revision at which they were still spoken of.</param>
    /// <param name="now">By our own clock.</param>
    public void NoteMissing(IEnumerable<MemberIdentity> members, ulong knownAt, TimeSpan now)
    {
        if (!IsComplete || _position <= knownAt)
        {
            return;
        }

        foreach (var member in members.Where(member => IsShown(member.Id) && Find(member) is null && !_departed.Contains(member)))
        {
            _missingSince.TryAdd(member, now);
        }
    }

    /// <summary>Whether it is proven that the member trusts its lease no more.</summary>
    public bool IsGone(MemberIdentity member, TimeSpan now) =>
        _departed.Contains(member) || (_missingSince.TryGetValue(member, out var since) && now >= since + options.LeaseTtl);

    /// <summary>Whether its lease was seen to be given back, rather than found missing or removed by us.</summary>
    public bool HasLeft(MemberIdentity member) => _left.Contains(member);

    public long ReleasedOf(MemberIdentity member) => Find(member)?.Record.Released ?? 0;

    public long RunningOf(MemberIdentity member) => Find(member)?.Record.Running ?? 0;

    private void Miss(MemberIdentity member, TimeSpan now)
    {
        _missingSince.TryAdd(member, now);
        Forget(member);
    }

    private void Forget(MemberIdentity member)
    {
        if (Find(member) is not null)
        {
            _sightings.Remove(member.Id);
            _present = null;
        }
    }

    /// <summary>Its lease, which may be as old as it was, may run out again.</summary>
    private void Pardon(MemberIdentity member)
    {
        if (_condemned.Remove(member) && Find(member) is { } sighting)
        {
            NoneOlderThan = NoneOlderThan < sighting.ObservedAt ? NoneOlderThan : sighting.ObservedAt;
        }
    }

    /// <summary>In order, so that what follows from them is the same in every run.</summary>
    private IEnumerable<Sighting> Sightings => _sightings.Values.OrderBy(sighting => sighting.Record.Member);

    private bool IsShown(MemberId id) => _filter == GroupKeys.MembersFilter || _filter == GroupKeys.Member(id);

    private Sighting? Find(MemberIdentity member) =>
        _sightings.TryGetValue(member.Id, out var sighting) && sighting.Record.Member == member ? sighting : null;
}

/// <param name="Record">What the lease said; of what it says in a renewal the beat may be older.</param>
/// <param name="Value">The lease as it was written.</param>
/// <param name="Revision">Of that value.</param>
/// <param name="ObservedAt">When we first saw that revision, by our own clock.</param>
internal sealed record Sighting(MemberRecord Record, ReadOnlyMemory<byte> Value, ulong Revision, TimeSpan ObservedAt);
