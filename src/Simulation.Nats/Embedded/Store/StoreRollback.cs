using System.Globalization;

namespace Simulation.Nats.Embedded;

/// <summary>A store was put back to what it was at a sync point.</summary>
/// <param name="Age">How old that was.</param>
/// <param name="Files">How many files are not as they were before: gone, shorter, or with older content.</param>
/// <param name="BytesGone">By how much the store is smaller. A file that was only rewritten counts nothing here.</param>
public sealed record StoreRollback(TimeSpan Age, int Files, long BytesGone)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"the store went back {Age.TotalSeconds:0.0} s: {Files} files, {BytesGone} bytes gone");
}
