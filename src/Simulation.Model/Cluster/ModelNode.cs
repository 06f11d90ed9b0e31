namespace Simulation.Model;

/// <summary>One server of a cluster: a process with a disk of its own.</summary>
public sealed class ModelNode
{
    internal ModelNode(string name, int number)
    {
        Name = name;
        Number = number;
    }

    public string Name { get; }

    /// <summary>From 0.</summary>
    public int Number { get; }

    public bool IsRunning { get; internal set; }

    /// <summary>Its process is stopped: it holds its connections and says nothing.</summary>
    public bool IsPaused { get; internal set; }

    /// <summary>The other servers do not reach it; clients do.</summary>
    public bool IsIsolated { get; internal set; }

    /// <summary>It has no room for what file streams are sent.</summary>
    public bool IsDiskFull { get; internal set; }

    /// <summary>For want of room, so far.</summary>
    public long RefusedPublishes { get; internal set; }

    /// <summary>How often it was started.</summary>
    public int Incarnation { get; internal set; }

    internal DateTimeOffset StartedAt { get; set; }

    internal bool Works => IsRunning && !IsPaused;

    internal bool Reaches(ModelNode other) => Works && other.Works && (other == this || (!IsIsolated && !other.IsIsolated));

    /// <summary>When what its files held was last written through to the disk.</summary>
    internal DateTimeOffset SyncedAt(DateTimeOffset now, TimeSpan interval) =>
        interval > TimeSpan.Zero ? StartedAt + (interval * Math.Floor((now - StartedAt) / interval)) : now;
}
