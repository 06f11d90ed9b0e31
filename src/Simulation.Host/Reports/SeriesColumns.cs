namespace Simulation.Host.Reports;

/// <summary>
/// A run of any length in at most <see cref="Most"/> columns of equal width: 1, 2, 4 … seconds. What a plot loses is where in a column
/// something was, never how high it went.
/// </summary>
internal sealed class SeriesColumns
{
    public const int Most = 600;

    private readonly HalvingPieces<SeriesColumn> _pieces = new(Most, leastSeconds: 1);

    /// <summary>Of one column.</summary>
    public int WidthInSeconds => _pieces.WidthInSeconds;

    public IReadOnlyList<SeriesColumn> Columns => _pieces.Open is { } open ? [.. _pieces.Whole, open] : _pieces.Whole;

    public void Add(SecondView view) => _pieces.Add(view);
}
