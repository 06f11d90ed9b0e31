namespace Simulation.Partitioning.Tests.Group;

/// <summary>Where test workers write what they work on, so that overlaps and gaps can be seen. Safe to use from any thread.</summary>
internal sealed class OwnershipBoard(int units)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedSet<int>> _held = [];
    private readonly List<string> _overlaps = [];
    private readonly List<object> _news = [];

    public IReadOnlyList<string> Overlaps
    {
        get
        {
            lock (_gate)
            {
                return [.. _overlaps];
            }
        }
    }

    /// <summary>What group members told their workers, oldest first.</summary>
    public IReadOnlyList<object> News
    {
        get
        {
            lock (_gate)
            {
                return [.. _news];
            }
        }
    }

    public string? LeaderName { get; private set; }

    public void Note(string worker, object news)
    {
        lock (_gate)
        {
            _news.Add(news);
            LeaderName = news is LeaderElected ? worker : LeaderName;
        }
    }

    public void Start(string worker, IEnumerable<int> granted)
    {
        lock (_gate)
        {
            var mine = _held.TryGetValue(worker, out var found) ? found : _held[worker] = [];
            foreach (var unit in granted)
            {
                _overlaps.AddRange(_held.Where(other => other.Value.Contains(unit)).Select(other => $"{unit}: {other.Key} and {worker}"));
                mine.Add(unit);
            }
        }
    }

    public void Stop(string worker, IEnumerable<int> stopped)
    {
        lock (_gate)
        {
            _held[worker].ExceptWith(stopped);
        }
    }

    public void StopAll(string worker)
    {
        lock (_gate)
        {
            _held.Remove(worker);
        }
    }

    public int CountOf(string worker)
    {
        lock (_gate)
        {
            return _held.TryGetValue(worker, out var mine) ? mine.Count : 0;
        }
    }

    /// <summary>Every unit is worked on by exactly one.</summary>
    public bool IsWhole()
    {
        lock (_gate)
        {
            return _held.Values.Sum(mine => mine.Count) == units && _held.Values.SelectMany(mine => mine).Distinct().Count() == units;
        }
    }

    public bool IsWholeAmong(int workers)
    {
        lock (_gate)
        {
            return _held.Values.Count(mine => mine.Count > 0) == workers && IsWhole();
        }
    }
}
