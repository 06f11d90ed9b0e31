namespace Simulation.Kernel;

/// <summary>Hashes that are the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a over UTF-16 code units.</summary>
    internal static ulong Of(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }

    internal static ulong Mix(ulong a, ulong b)
    {
        ulong z = (a + 0x9E3779B97F4A7C15) ^ (b * 0xD6E8FEB86659FD93);
        z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93;
        return z ^ (z >> 32);
    }
}
