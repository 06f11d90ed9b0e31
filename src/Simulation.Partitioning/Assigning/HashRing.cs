using System.Collections.Immutable;
using System.Text;

namespace Simulation.Partitioning;

/// <summary>
/// Every worker stands at many points of a circle of 2^64 positions (the hash of <c>worker-7#42</c>); a unit (the hash of <c>unit-17</c>)
/// belongs to the first point at or after its own. A worker that comes or goes takes or leaves only what lies before its own points.
/// </summary>
internal sealed class HashRing
{
    private static readonly ulong Unit = StableHash.Fnv1A("unit-"u8);

    private readonly ulong[] _positions;
    private readonly MemberId[] _owners;

    public HashRing(ImmutableArray<MemberId> workers, int virtualNodes)
    {
        _positions = new ulong[workers.Length * virtualNodes];
        _owners = new MemberId[_positions.Length];
        var point = 0;
        foreach (var worker in workers)
        {
            var name = StableHash.Fnv1A(Encoding.UTF8.GetBytes($"{worker}#"));
            for (var node = 0; node < virtualNodes; node++)
            {
                _positions[point] = StableHash.OfNumbered(name, node);
                _owners[point++] = worker;
            }
        }

        Array.Sort(_positions, _owners);
    }

    public MemberId OwnerOf(int unit)
    {
        var found = Array.BinarySearch(_positions, StableHash.OfNumbered(Unit, unit));
        var next = found >= 0 ? found : ~found;
        return _owners[next % _owners.Length];
    }
}
