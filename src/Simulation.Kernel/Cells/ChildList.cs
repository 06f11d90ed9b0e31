namespace Simulation.Kernel;

/// <summary>The children of one cell, in the order of their creation. Locked, because a child removes itself and a kill passes through from any thread.</summary>
internal sealed class ChildList
{
    private readonly Lock _gate = new();
    private readonly List<Child> _children = [];
    private readonly Dictionary<string, Child> _byName = [];
    private bool _closed;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _children.Count;
            }
        }
    }

    internal bool AnyStopping
    {
        get
        {
            lock (_gate)
            {
                return _children.Exists(child => child.IsStopping);
            }
        }
    }

    internal void Add(ActorCell cell)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new InvalidOperationException($"{cell.Parent!.Path} is stopping and makes no more children ({cell.Name}).");
            }

            Child child = new(cell);
            if (!_byName.TryAdd(cell.Name, child))
            {
                throw new InvalidOperationException($"{cell.Path} exists. Names are unique among living siblings: wait for Terminated to use it again.");
            }

            _children.Add(child);
        }
    }

    internal void Remove(ActorCell cell)
    {
        lock (_gate)
        {
            if (_byName.Remove(cell.Name, out Child? child))
            {
                _children.Remove(child);
            }
        }
    }

    internal Child? Find(string name)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    internal Child? Find(ActorCell cell) => Find(cell.Name) is { } child && ReferenceEquals(child.Cell, cell) ? child : null;

    internal Child[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _children];
        }
    }

    /// <summary>No more children from now on.</summary>
    internal Child[] Close()
    {
        lock (_gate)
        {
            _closed = true;
            return [.. _children];
        }
    }
}
