using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>Who owns what: <c>Owners[unit]</c> is the worker that owns the unit.</summary>
public sealed record Assignment(ImmutableArray<MemberId> Owners)
{
    public MemberId this[int unit] => Owners[unit];

    public IEnumerable<int> UnitsOf(MemberId worker) =>
        Enumerable.Range(0, Owners.Length).Where(unit => Owners[unit] == worker);

    /// <summary>How many units have another owner than in <paramref name="previous"/>.</summary>
    public int CountMoved(Assignment previous) =>
        Owners.Zip(previous.Owners).Count(pair => pair.First != pair.Second);
}
