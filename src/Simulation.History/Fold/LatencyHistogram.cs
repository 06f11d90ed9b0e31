using System.Numerics;
using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// Counts of latencies in log-linear buckets of microseconds: 64 to every power of two, so that a percentile is at most 1/64 (1.6 %) above
/// the truth and never below it. From 1 µs to about 12 days, in a fixed 18 KiB; what is below 64 µs is exact.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>By how much of itself a percentile may be above the truth.</summary>
    public const double RelativeError = 1.0 / (1 << SubBits);

    private const int SubBits = 6;
    private const int HighestPower = 40;

    private readonly long[] _counts = new long[(HighestPower - SubBits + 1) << SubBits];

    public long Count { get; private set; }

    /// <summary>The largest one, exactly.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(MaxMicroseconds);

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(SumMicroseconds / (double)Count);

    public long MaxMicroseconds { get; private set; }

    public long SumMicroseconds { get; private set; }

    /// <summary>Adds one. Clocks of two machines may disagree: less than nothing counts as nothing.</summary>
    public void Record(long microseconds)
    {
        long value = Math.Clamp(microseconds, 0, (1L << HighestPower) - 1);
        _counts[Bucket(value)]++;
        Count++;
        SumMicroseconds += value;
        MaxMicroseconds = Math.Max(MaxMicroseconds, value);
    }

    /// <param name="percent">0 to 100.</param>
    /// <returns>What so many percent did not exceed; zero when nothing was recorded.</returns>
    public TimeSpan Percentile(double percent)
    {
        Span<long> microseconds = stackalloc long[1];
        Percentiles([percent], microseconds);
        return TimeSpan.FromMicroseconds(microseconds[0]);
    }

    /// <summary>The same for several at once, in microseconds.</summary>
    /// <param name="percents">0 to 100, rising.</param>
    /// <param name="microseconds">As many.</param>
    public void Percentiles(ReadOnlySpan<double> percents, Span<long> microseconds)
    {
        long seen = 0;
        int next = 0;
        for (int bucket = 0; bucket < _counts.Length && next < percents.Length; bucket++)
        {
            seen += _counts[bucket];
            while (next < percents.Length && seen >= Math.Max(1, (long)Math.Ceiling(Count * percents[next] / 100)))
            {
                microseconds[next++] = Math.Min(HighestIn(bucket), MaxMicroseconds);
            }
        }

        microseconds[next..].Clear();
    }

    /// <summary>Adds all that the other one has. Histograms merge without a loss: the error stays what it is.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other.Count == 0)
        {
            return;
        }

        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        SumMicroseconds += other.SumMicroseconds;
        MaxMicroseconds = Math.Max(MaxMicroseconds, other.MaxMicroseconds);
    }

    public void Clear()
    {
        if (Count > 0)
        {
            Array.Clear(_counts);
            (Count, SumMicroseconds, MaxMicroseconds) = (0, 0, 0);
        }
    }

    /// <summary>The buckets that hold anything, from the lowest on: the highest microsecond of each, and how many are in it.</summary>
    public IEnumerable<(long UpTo, long Count)> Buckets()
    {
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            if (_counts[bucket] > 0)
            {
                yield return (HighestIn(bucket), _counts[bucket]);
            }
        }
    }

    internal void Exchange(FoldArchive archive)
    {
        (long count, long max, long sum) = (Count, MaxMicroseconds, SumMicroseconds);
        archive.Exchange(ref count);
        archive.Exchange(ref max);
        archive.Exchange(ref sum);
        (Count, MaxMicroseconds, SumMicroseconds) = (count, max, sum);
        foreach (ref long bucket in _counts.AsSpan())
        {
            archive.Exchange(ref bucket);
        }
    }

    /// <summary>The same in few bytes, for one in which most buckets are empty: those that are not, by their distance from the one before.</summary>
    internal void ExchangeFilled(FoldArchive archive)
    {
        (long count, long max, long sum) = (Count, MaxMicroseconds, SumMicroseconds);
        archive.Exchange(ref count);
        archive.Exchange(ref max);
        archive.Exchange(ref sum);
        (Count, MaxMicroseconds, SumMicroseconds) = (count, max, sum);
        (int Bucket, long Count)[] filled = [.. _counts.Index().Where(bucket => bucket.Item > 0)];
        Array.Clear(_counts);
        int before = 0;
        archive.Exchange(ref filled, (ref (int Bucket, long Count) one) =>
        {
            int distance = one.Bucket - before;
            archive.Exchange(ref distance);
            archive.Exchange(ref one.Count);
            before += distance;
            one.Bucket = before;
        });
        foreach ((int bucket, long inIt) in filled)
        {
            _counts[bucket] = inIt;
        }
    }

    private static int Bucket(long value)
    {
        int power = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return (power << SubBits) + (int)(value >> power);
    }

    private static long HighestIn(int bucket)
    {
        int power = Math.Max(0, (bucket >> SubBits) - 1);
        return ((bucket - ((long)power << SubBits) + 1) << power) - 1;
    }
}
