using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Partitioning;

/// <summary>
/// The other members' leases, as a watch has shown them. A lease is judged by how long its revision has not changed by our own clock. Absence
/// needs proof, because a watch may be behind: a delete that was seen, a successor at the same id, or a position in the stream.
/// </summary>
internal sealed class Roster
{
    private readonly SortedDictionary<MemberId, Sighting> _sightings = [];
    private readonly HashSet<MemberIdentity> _condemned = [];
    private readonly HashSet<MemberIdentity> _departed = [];
    private readonly HashSet<MemberIdentity> _left = [];
    private string? _filter;
    private ulong _position;

    /// <summary>What existed when the watch began has been seen.</summary>
    public bool IsComplete { get; private set; }

    public IEnumerable<Sighting> Sightings => _sightings.Values;

    public ImmutableArray<MemberIdentity> Present => [.. _sightings.Values.Select(sighting => sighting.Record.Member)];

    /// <param name="filter">Whom the watch shows: what it does not show is not absent. Null for nobody.</param>
    public void Begin(string? filter)
    {
        _filter = filter;
        _sightings.Clear();
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
            Depart(sighting.Record.Member);
        }
    }

    /// <summary>A lease was read, by the watch or beside it.</summary>
    public void See(KeyValueEntry entry, TimeSpan now)
    {
        var record = GroupCodec.DecodeMember(entry.Value.Span);
        var id = record.Member.Id;
        if (_departed.Contains(record.Member) || (_sightings.TryGetValue(id, out var known) && known.Revision >= entry.Revision))
        {
            return;
        }

        if (_sightings.TryGetValue(id, out var before) && before.Record.Member != record.Member)
        {
            Depart(before.Record.Member);
        }

        _condemned.Remove(record.Member);
        _sightings[id] = new Sighting(record, entry.Revision, now);
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
            _condemned.Remove(removed);
            See(found, now);
        }

        // Nothing found: a read may be behind. If it is gone, the watch will say so.
    }

    public bool IsCondemned(MemberIdentity member) => _condemned.Contains(member);

    public void Depart(MemberIdentity member)
    {
        _departed.Add(member);
        if (!_condemned.Remove(member))
        {
            _left.Add(member);
        }

        if (Find(member) is not null)
        {
            _sightings.Remove(member.Id);
        }
    }

    /// <summary>Whether it is proven that the member's lease is no more.</summary>
    /// <param name="knownAt">A revision at which the member was still spoken of.</param>
    public bool IsGone(MemberIdentity member, ulong knownAt) =>
        _departed.Contains(member) || (IsShown(member.Id) && IsComplete && Find(member) is null && _position > knownAt);

    /// <summary>Whether its lease was seen to be given back, rather than found missing or removed by us.</summary>
    public bool HasLeft(MemberIdentity member) => _left.Contains(member);

    public long ReleasedOf(MemberIdentity member) => Find(member)?.Record.Released ?? 0;

    public long RunningOf(MemberIdentity member) => Find(member)?.Record.Running ?? 0;

    private bool IsShown(MemberId id) => _filter == GroupKeys.MembersFilter || _filter == GroupKeys.Member(id);

    private Sighting? Find(MemberIdentity member) =>
        _sightings.TryGetValue(member.Id, out var sighting) && sighting.Record.Member == member ? sighting : null;
}

/// <param name="Record">What the lease said.</param>
/// <param name="Revision">Of that value.</param>
/// <param name="ObservedAt">When we first saw that revision, by our own clock.</param>
internal sealed record Sighting(MemberRecord Record, ulong Revision, TimeSpan ObservedAt);
