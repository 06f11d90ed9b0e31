using System.Numerics;

namespace Simulation.Kernel;

/// <summary>xoshiro256**, one instance per named thing. Not for two threads at once.</summary>
public sealed class RandomStream
{
    private readonly TraceHash? _trace;
    private ulong _s0, _s1, _s2, _s3;

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3, TraceHash? trace)
    {
        _s0 = s0;
        _s1 = s1;
        _s2 = s2;
        _s3 = s3;
        _trace = trace;
    }

    /// <summary>The same seed and name give the same stream, in every process and on every machine.</summary>
    public static RandomStream Derive(ulong seed, string name) => Derive(seed, name, null);

    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        _trace?.Add(result);
        return result;
    }

    /// <summary>0 to <paramref name="exclusiveMax"/> - 1.</summary>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMax, 1);

        // The high word of a 64 x 64 bit product: the bias is below 2^-32.
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);
    }

    /// <summary>From 0, below 1, with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From <paramref name="min"/>, below <paramref name="max"/>; <paramref name="min"/> if they are equal.</summary>
    public TimeSpan Uniform(TimeSpan min, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        return min + TimeSpan.FromTicks((long)(NextDouble() * (max - min).Ticks));
    }

    /// <summary>Waiting times of events that come at random, <paramref name="mean"/> apart on average.</summary>
    public TimeSpan Exponential(TimeSpan mean) => TimeSpan.FromTicks((long)(-Math.Log(1.0 - NextDouble()) * mean.Ticks));

    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    internal static RandomStream Derive(ulong seed, string name, TraceHash? trace)
    {
        ulong state = StableHash.Mix(seed, StableHash.Of(name));
        return new RandomStream(SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), trace);
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
