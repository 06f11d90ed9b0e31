using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using Simulation.History;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>Which partitions have series of their own: the heaviest, up to a bound. The rest is one series, so that sums are right all the same.</summary>
internal sealed class PartitionSelection(int most)
{
    public const string Rest = "other";

    private ImmutableArray<int> _heaviest = [];

    /// <summary>Once the weights are known; until then the lowest numbers are taken for the heaviest.</summary>
    public void Weigh(ImmutableArray<int> weights)
    {
        if (weights.Length > most)
        {
            _heaviest = [.. Enumerable.Range(0, weights.Length).OrderByDescending(partition => weights[partition]).Take(most).Order()];
        }
    }

    public IEnumerable<Measurement<long>> Measure(ImmutableArray<PartitionCounts> partitions, Func<PartitionCounts, long> value)
    {
        long rest = 0;
        bool hasRest = false;
        foreach (PartitionCounts counts in partitions)
        {
            if (IsSelected(counts.Partition))
            {
                yield return new Measurement<long>(value(counts), Tag("partition", counts.Partition.ToString(CultureInfo.InvariantCulture)));
            }
            else
            {
                rest += value(counts);
                hasRest = true;
            }
        }

        if (hasRest)
        {
            yield return new Measurement<long>(rest, Tag("partition", Rest));
        }
    }

    private bool IsSelected(int partition) => _heaviest.IsEmpty ? partition < most : _heaviest.BinarySearch(partition) >= 0;
}
