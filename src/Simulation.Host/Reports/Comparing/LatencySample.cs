using Simulation.History;

namespace Simulation.Host.Reports.Comparing;

/// <summary>A percentile of any sample of blocks, quickly: histograms as the few buckets that hold anything.</summary>
internal sealed class LatencySample
{
    private const double MicrosecondsPerSecond = 1e6;

    private readonly double _percent;
    private readonly long[] _upTo;
    private readonly (int Bucket, long Count)[][] _blocks;
    private readonly long[] _counts;

    public LatencySample(IReadOnlyList<LatencyHistogram> blocks, double percent)
    {
        _percent = percent;
        _upTo = [.. blocks.SelectMany(block => block.Buckets().Select(bucket => bucket.UpTo)).Distinct().Order()];
        _blocks = [.. blocks.Select(block => block.Buckets().Select(bucket => (Array.BinarySearch(_upTo, bucket.UpTo), bucket.Count)).ToArray())];
        _counts = new long[_upTo.Length];
    }

    /// <param name="sample">Indices of blocks; one may be there several times.</param>
    /// <returns>In seconds; zero when the sample holds nothing.</returns>
    public double Of(int[] sample)
    {
        Array.Clear(_counts);
        long all = 0;
        foreach (int index in sample)
        {
            foreach ((int bucket, long count) in _blocks[index])
            {
                _counts[bucket] += count;
                all += count;
            }
        }

        long rank = Math.Max(1, (long)Math.Ceiling(all * _percent / 100));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return _upTo[bucket] / MicrosecondsPerSecond;
            }
        }

        return 0;
    }
}
