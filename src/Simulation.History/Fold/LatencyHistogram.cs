using System.Numerics;

namespace Simulation.History;

/// <summary>
/// Counts of latencies in log-linear buckets of microseconds: 64 to every power of two, so that a percentile is at most 1/64 (1.6 %) above
/// the truth and never below it. From 1 µs to about 12 days, in a fixed 18 KiB; what is below 64 µs is exact.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int HighestPower = 40;

    private readonly long[] _counts = new long[(HighestPower - SubBits + 1) << SubBits];

    public long Count { get; private set; }

    /// <summary>The largest one, exactly.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(MaxMicroseconds);

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(SumMicroseconds / (double)Count);

    internal long MaxMicroseconds { get; private set; }

    internal long SumMicroseconds { get; private set; }

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
        long rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return TimeSpan.FromMicroseconds(Math.Min(HighestIn(bucket), MaxMicroseconds));
            }
        }

        return TimeSpan.Zero;
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
