using System.Buffers.Text;
using System.Text;

namespace Simulation.Partitioning;

/// <summary>
/// A 64-bit hash that never changes, because assignments of a running group depend on it: FNV-1a over the UTF-8 bytes, whose last
/// characters hardly reach the high bits, then MurmurHash3's 64-bit finaliser, which spreads every bit over all of them.
/// </summary>
internal static class StableHash
{
    private const int LongestNumber = 20;

    public static ulong Of(string text) => Spread(Fnv1A(Encoding.UTF8.GetBytes(text)));

    /// <summary>Of a text that ends with a number, without making it: a ring has thousands of them. The same as <see cref="Of"/> of the whole.</summary>
    /// <param name="before">The <see cref="Fnv1A(ReadOnlySpan{byte}, ulong)"/> of what comes before the number.</param>
    public static ulong OfNumbered(ulong before, int number)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return Spread(Fnv1A(digits[..length], before));
    }

    public static ulong Fnv1A(ReadOnlySpan<byte> bytes, ulong hash = 0xcbf29ce484222325)
    {
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        return hash;
    }

    public static ulong Spread(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
