namespace Simulation.History;

/// <summary>
/// All logs of a store as one sequence, in the order of (time, participant, place in the log): the same whether it is read while the run
/// goes on or a year later. Within a log time never steps back: a record that says so counts as one of the same instant.
/// </summary>
internal sealed class LogMerge(IHistoryStore store) : IDisposable
{
    /// <summary>A log that had nothing new so many times in a row is most likely that of somebody who is gone, and rests between two looks.</summary>
    private const int LooksUntilRest = 100;

    private readonly SortedDictionary<string, Cursor> _logs = new(StringComparer.Ordinal);
    private readonly List<Cursor> _idle = [];
    private Cursor[] _heap = new Cursor[8];
    private int _count;
    private long _lastTime = long.MinValue;
    private int _lastRank;

    /// <summary>Records that came after one that belongs behind them had been given: their participant was slower than the watermark's slack.</summary>
    public long Late { get; private set; }

    public IEnumerable<HistoryReader> Readers => _logs.Values.Select(log => log.Reader);

    /// <summary>Up to where each log was consumed, those of which anything was.</summary>
    public IEnumerable<LogPosition> Positions => _logs.Values.Select(log => log.Position).OfType<LogPosition>();

    /// <summary>All that is left of the logs: behind what was compacted, if anything was.</summary>
    /// <param name="store">With the logs.</param>
    /// <param name="compacted">What comes before; null for nothing.</param>
    /// <param name="damage">Something was compacted, and does not fit the logs, or cannot be read: they are then read as far as they go. Else null.</param>
    public static LogMerge Of(IHistoryStore store, out HistoryBase? compacted, out LogDamage? damage)
    {
        var merge = new LogMerge(store);
        try
        {
            compacted = HistoryBase.Read(store);
            merge.GoBehind(compacted?.Fold.Logs ?? []);
            damage = null;
            return merge;
        }
        catch (InvalidDataException unusable)
        {
            merge.Dispose();
            compacted = null;
            damage = new LogDamage(HistoryBase.FileName, 0, $"what was compacted is not known: {unusable.Message}");
            return new LogMerge(store);
        }
    }

    /// <summary>Goes on behind these, as if everything up to there had been consumed. Before anything else is done.</summary>
    /// <exception cref="InvalidDataException">A log does not have the record that it says.</exception>
    public void GoBehind(IEnumerable<LogPosition> positions)
    {
        foreach (LogPosition position in positions)
        {
            var log = new Cursor(store.Read(position.Participant), position);
            _logs.Add(position.Participant, log);
            _idle.Add(log);
            _lastTime = Math.Max(_lastTime, position.Time);
            if (!log.Reader.TryGoBehind(position.Place))
            {
                throw new InvalidDataException($"The log of {position.Participant} is not what it was: segment {position.Segment} has another record at byte {position.Offset}, or none.");
            }
        }

        Rank();
    }

    /// <summary>Looks for new participants and for new records of those that had none.</summary>
    public void Refresh(bool isFinal = false)
    {
        Discover();
        if (isFinal)
        {
            foreach (Cursor log in _logs.Values)
            {
                log.Reader.IsFinal = true;
            }
        }

        for (int i = _idle.Count - 1; i >= 0; i--)
        {
            Cursor log = _idle[i];
            if (log.MoveNext())
            {
                _idle.RemoveAt(i);
                Push(log);
            }
        }
    }

    /// <returns>The log whose record is next, or null when none is before the bound. Call <see cref="Consume"/> when done with it.</returns>
    public Cursor? Next(long beforeTime)
    {
        if (_count == 0 || _heap[0].Time >= beforeTime)
        {
            return null;
        }

        Cursor next = _heap[0];
        if (next.Time < _lastTime || (next.Time == _lastTime && next.Rank < _lastRank))
        {
            Late++;
        }
        else
        {
            (_lastTime, _lastRank) = (next.Time, next.Rank);
        }

        return next;
    }

    public void Consume()
    {
        Cursor log = _heap[0];
        log.Consume();
        if (!log.MoveNext())
        {
            _idle.Add(log);
            log = _heap[--_count];
            if (_count == 0)
            {
                return;
            }
        }

        SiftDown(log);
    }

    public void Dispose()
    {
        foreach (Cursor log in _logs.Values)
        {
            log.Reader.Dispose();
        }
    }

    private void Discover()
    {
        bool any = false;
        foreach (string participant in store.Participants())
        {
            if (!_logs.ContainsKey(participant))
            {
                Cursor log = new(store.Read(participant));
                _logs.Add(participant, log);
                _idle.Add(log);
                any = true;
            }
        }

        if (any)
        {
            Rank();
        }
    }

    /// <summary>Newcomers stand among the others by name; the order among those that were there stays, and with it the heap.</summary>
    private void Rank()
    {
        int rank = 0;
        int lastRank = _lastRank;
        foreach (Cursor log in _logs.Values)
        {
            _lastRank = log.Rank == lastRank ? rank : _lastRank;
            log.Rank = rank++;
        }
    }

    private void Push(Cursor log)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        int at = _count++;
        while (at > 0 && log.IsBefore(_heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = log;
    }

    private void SiftDown(Cursor log)
    {
        int at = 0;
        while ((at * 2) + 1 is var child && child < _count)
        {
            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(log))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = log;
    }

    internal sealed class Cursor(HistoryReader reader, LogPosition? from = null)
    {
        private HistoryRecord _record;
        private RecordPlace? _consumed = from?.Place;
        private int _looksInVain;
        private long _consumedTime = from?.Time ?? long.MinValue;

        public HistoryReader Reader { get; } = reader;

        public ref readonly HistoryRecord Record => ref _record;

        public long Time { get; private set; } = from?.Time ?? long.MinValue;

        /// <summary>The last record consumed; null before the first.</summary>
        public LogPosition? Position => _consumed is { } place
            ? new LogPosition(Reader.Participant, place.Segment, place.Offset, place.Checksum, _consumedTime)
            : null;

        public int Rank { get; set; } = -1;

        /// <summary>The fold's number of the participant; -1 until it is asked for.</summary>
        public int Participant { get; set; } = -1;

        /// <summary>The reader is one record ahead until now.</summary>
        public void Consume() => (_consumed, _consumedTime) = (Reader.Last, Time);

        public bool MoveNext()
        {
            if (!Reader.TryRead(out _record))
            {
                if (++_looksInVain >= LooksUntilRest)
                {
                    Reader.Rest();
                }

                return false;
            }

            _looksInVain = 0;
            Time = Math.Max(Time, _record.Time);
            return true;
        }

        public bool IsBefore(Cursor other) => Time < other.Time || (Time == other.Time && Rank < other.Rank);
    }
}
