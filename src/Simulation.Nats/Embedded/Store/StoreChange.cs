using System.Collections.Immutable;
using System.Globalization;

namespace Simulation.Nats.Embedded;

/// <summary>Bytes of a file that were changed behind the server's back.</summary>
/// <param name="Length">How many bytes from <paramref name="Offset"/> on.</param>
/// <param name="Before">The first few of them as they were.</param>
/// <param name="After">The same as they are now; shorter or empty where the file is shorter, or gone.</param>
public sealed record StoreChange(string File, long Offset, long Length, ImmutableArray<byte> Before, ImmutableArray<byte> After)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{File}: {Length} bytes at {Offset}, {Show(Before)} became {Show(After)}");

    private static string Show(ImmutableArray<byte> bytes) => bytes.IsEmpty ? "nothing" : Convert.ToHexStringLower(bytes.AsSpan());
}
