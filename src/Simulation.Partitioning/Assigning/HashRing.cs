using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>
/// Every worker stands at many points of a circle of 2^64 positions (the hash of <c>worker-7#42</c>); a unit (the hash of <c>unit-17</c>)
/// belongs to the first point at or after its own. A worker that comes or goes takes or leaves only what lies before its own points.
/// </summary>
internal sealed class HashRing
{
    private readonly ulong[] _positions;
    private readonly MemberId[] _owners;

    public HashRing(ImmutableArray<MemberId> workers, int virtualNodes)
    {
        var points = workers
            .SelectMany(worker => Enumerable.Range(0, virtualNodes).Select(node => (Position: StableHash.Of($"{worker}#{node}"), Worker: worker)))
            .Order()
            .ToArray();
        _positions = [.. points.Select(point => point.Position)];
        _owners = [.. points.Select(point => point.Worker)];
    }

    public MemberId OwnerOf(int unit)
    {
        var found = Array.BinarySearch(_positions, StableHash.Of($"unit-{unit}"));
        var next = found >= 0 ? found : ~found;
        return _owners[next % _owners.Length];
    }
}
