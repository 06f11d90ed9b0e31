namespace Simulation.History;

/// <summary>
/// Tells of each record once, though whoever folds fails and the next one folds everything anew: counters go on, and do not begin again. Records
/// are told apart by their place in the order, which is the same each time unless one came too late for its own.
/// </summary>
public sealed class HeardOnce(IFoldObserver inner) : IFoldObserver
{
    private long _at;
    private long _heard;
    private bool _isNew;

    /// <summary>Another one folds from now on.</summary>
    /// <param name="records">That it has folded already, and does not tell: nor will one that comes after it.</param>
    public void BeginAgain(long records)
    {
        _at = records;
        _heard = Math.Max(_heard, records);
    }

    public void Folding(in HistoryRecord record, string participant)
    {
        _isNew = ++_at > _heard;
        if (_isNew)
        {
            _heard = _at;
            inner.Folding(record, participant);
        }
    }

    public void Acknowledged(int partition, long microseconds)
    {
        if (_isNew)
        {
            inner.Acknowledged(partition, microseconds);
        }
    }

    public void Arrived(int partition, long microseconds)
    {
        if (_isNew)
        {
            inner.Arrived(partition, microseconds);
        }
    }

    public void GapOpened(long messages)
    {
        if (_isNew)
        {
            inner.GapOpened(messages);
        }
    }

    public void Intended(int partition)
    {
        if (_isNew)
        {
            inner.Intended(partition);
        }
    }

    public void Sent(int partition)
    {
        if (_isNew)
        {
            inner.Sent(partition);
        }
    }

    public void Received(int partition)
    {
        if (_isNew)
        {
            inner.Received(partition);
        }
    }

    public void Duplicated(int partition)
    {
        if (_isNew)
        {
            inner.Duplicated(partition);
        }
    }

    public void GapsChanged(int partition, long missing, long? oldestSince)
    {
        if (_isNew)
        {
            inner.GapsChanged(partition, missing, oldestSince);
        }
    }
}
