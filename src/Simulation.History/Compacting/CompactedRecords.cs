using System.Globalization;

namespace Simulation.History;

/// <summary>Records that were folded away while the run went on: what they amount to is known, and they themselves cannot be shown any more.</summary>
/// <param name="Count">How many.</param>
/// <param name="UpTo">Those before then.</param>
public sealed record CompactedRecords(long Count, DateTimeOffset UpTo)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count:N0} records before {UpTo:yyyy-MM-dd HH:mm:ss} UTC were compacted (history.keep): they are in the verdict, and no longer in the logs");
}
