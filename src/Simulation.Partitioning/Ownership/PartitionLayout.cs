using System.Collections.Immutable;
using System.Globalization;

namespace Simulation.Partitioning;

/// <summary>
/// The fixed map of a run: partitions to units of ownership, to subjects and to the names of durable consumers.
/// <list type="table">
/// <item><term>per partition, per worker</term><description><c>simulation.partition.17</c></description></item>
/// <item><term>per group</term><description><c>simulation.group.1.partition.17</c>, filter <c>simulation.group.1.partition.*</c></description></item>
/// </list>
/// </summary>
public sealed class PartitionLayout
{
    /// <summary>Up to this many partitions a durable for each of them is the default; above, groups.</summary>
    public const int MostPartitionsWithOwnConsumer = 200;

    public const int DefaultGroupSize = 15;

    public const string DefaultSubjectPrefix = "simulation";

    /// <param name="layout">Null for <see cref="DefaultFor"/>.</param>
    /// <param name="partitionWeights">The weight of each partition; its length is the number of partitions.</param>
    /// <param name="groupSize">Partitions in a group; only <see cref="ConsumerLayout.PerGroup"/> looks at it.</param>
    /// <param name="subjectPrefix">First tokens of every subject.</param>
    public PartitionLayout(
        ConsumerLayout? layout, ImmutableArray<double> partitionWeights, int groupSize = DefaultGroupSize, string subjectPrefix = DefaultSubjectPrefix)
    {
        ArgumentOutOfRangeException.ThrowIfZero(partitionWeights.Length, nameof(partitionWeights));
        ArgumentOutOfRangeException.ThrowIfLessThan(groupSize, 1);
        ArgumentException.ThrowIfNullOrEmpty(subjectPrefix);

        Layout = layout ?? DefaultFor(partitionWeights.Length);
        PartitionCount = partitionWeights.Length;
        SubjectPrefix = subjectPrefix;
        UnitSize = Layout == ConsumerLayout.PerGroup ? groupSize : 1;
        Units = [.. Cut(partitionWeights, UnitSize)];
        UnitWeights = [.. Units.Select(unit => unit.Weight)];
        Subjects = [.. Enumerable.Range(0, PartitionCount).Select(SubjectOf)];
    }

    public ConsumerLayout Layout { get; }

    public int PartitionCount { get; }

    public string SubjectPrefix { get; }

    /// <summary>Partitions in every unit; the last one may have fewer.</summary>
    public int UnitSize { get; }

    /// <summary>In order of their ids: <c>Units[i].Id == i</c>.</summary>
    public ImmutableArray<OwnershipUnit> Units { get; }

    public ImmutableArray<double> UnitWeights { get; }

    /// <summary>By partition.</summary>
    public ImmutableArray<string> Subjects { get; }

    /// <summary>What the stream subscribes to.</summary>
    public string StreamSubject => Layout == ConsumerLayout.PerGroup ? $"{SubjectPrefix}.group.*.partition.*" : $"{SubjectPrefix}.partition.*";

    public static ConsumerLayout DefaultFor(int partitionCount) =>
        partitionCount <= MostPartitionsWithOwnConsumer ? ConsumerLayout.PerPartition : ConsumerLayout.PerGroup;

    /// <summary>How many units, those with the lowest ids, carry so many partitions, those with the lowest numbers.</summary>
    public int UnitsFor(int partitions) => (partitions + UnitSize - 1) / UnitSize;

    public OwnershipUnit UnitOf(int partition) => Units[partition / UnitSize];

    public string Subject(int partition) => Subjects[partition];

    /// <summary>What a consumer of the unit filters for: within the stream's subjects, or servers before 2.10 refuse it.</summary>
    public string Filter(int unit) =>
        Layout == ConsumerLayout.PerGroup ? $"{SubjectPrefix}.group.{unit}.partition.*" : Subject(Units[unit].FirstPartition);

    /// <summary>The durable that serves the unit while <paramref name="owner"/> owns it.</summary>
    public string ConsumerName(int unit, MemberId owner) => Layout switch
    {
        ConsumerLayout.PerPartition => $"partition-{unit}",
        ConsumerLayout.PerGroup => $"group-{unit}",
        _ => owner.ToString(),
    };

    /// <summary>The partition that a subject of this layout names.</summary>
    public bool TryGetPartition(ReadOnlySpan<char> subject, out int partition)
    {
        var lastDot = subject.LastIndexOf('.');
        return int.TryParse(subject[(lastDot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out partition)
            && partition < PartitionCount
            && subject.SequenceEqual(Subject(partition));
    }

    private string SubjectOf(int partition) =>
        Layout == ConsumerLayout.PerGroup
            ? $"{SubjectPrefix}.group.{partition / UnitSize}.partition.{partition}"
            : $"{SubjectPrefix}.partition.{partition}";

    private static IEnumerable<OwnershipUnit> Cut(ImmutableArray<double> weights, int unitSize)
    {
        for (var first = 0; first < weights.Length; first += unitSize)
        {
            var count = Math.Min(unitSize, weights.Length - first);
            yield return new OwnershipUnit(first / unitSize, first, count, weights.AsSpan(first, count).ToArray().Sum());
        }
    }
}
