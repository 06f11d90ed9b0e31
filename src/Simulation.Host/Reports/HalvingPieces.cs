namespace Simulation.Host.Reports;

/// <summary>Some seconds of a run, taken together.</summary>
internal interface IPiece<in T>
{
    int Seconds { get; }

    void Add(SecondView view);

    /// <summary>Takes in the one that follows.</summary>
    void Merge(T next);
}

/// <summary>
/// Any number of seconds in fewer than so many pieces of equal width, found in one pass and bounded memory: when there are too many, every
/// two become one.
/// </summary>
internal sealed class HalvingPieces<T>(int most, int leastSeconds)
    where T : class, IPiece<T>, new()
{
    private readonly List<T> _whole = [];

    /// <summary>Of one piece.</summary>
    public int WidthInSeconds { get; private set; } = leastSeconds;

    public IReadOnlyList<T> Whole => _whole;

    /// <summary>The last one, which is not full yet; null for none.</summary>
    public T? Open { get; private set; }

    public void Add(SecondView view)
    {
        Open ??= new T();
        Open.Add(view);
        if (Open.Seconds < WidthInSeconds)
        {
            return;
        }

        _whole.Add(Open);
        Open = null;
        if (_whole.Count == most)
        {
            Halve();
        }
    }

    private void Halve()
    {
        for (int i = 0; i < most / 2; i++)
        {
            _whole[i] = _whole[2 * i];
            _whole[i].Merge(_whole[(2 * i) + 1]);
        }

        _whole.RemoveRange(most / 2, most / 2);
        WidthInSeconds *= 2;
    }
}
