namespace Simulation.Host.Reports;

/// <summary>
/// A run of any length in at most <see cref="Most"/> columns of equal width, found in one pass: when there are too many, every two become
/// one. A second is 1, 2, 4 … seconds wide; what a plot loses is where in a column something was, never how high it went.
/// </summary>
internal sealed class SeriesColumns
{
    public const int Most = 600;

    private readonly List<SeriesColumn> _columns = [];
    private SeriesColumn? _open;

    /// <summary>Of one column.</summary>
    public int WidthInSeconds { get; private set; } = 1;

    public IReadOnlyList<SeriesColumn> Columns => _open is null ? _columns : [.. _columns, _open];

    public void Add(SecondView view)
    {
        SeriesColumn one = SeriesColumn.Of(view);
        if (_open is null)
        {
            _open = one;
        }
        else
        {
            _open.Merge(one);
        }

        if (_open.Seconds < WidthInSeconds)
        {
            return;
        }

        _columns.Add(_open);
        _open = null;
        if (_columns.Count == Most)
        {
            Halve();
        }
    }

    private void Halve()
    {
        for (int i = 0; i < Most / 2; i++)
        {
            _columns[i] = _columns[2 * i];
            _columns[i].Merge(_columns[(2 * i) + 1]);
        }

        _columns.RemoveRange(Most / 2, Most / 2);
        WidthInSeconds *= 2;
    }
}
