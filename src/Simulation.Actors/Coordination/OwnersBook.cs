using System.Collections.Immutable;

namespace Simulation.Actors;

/// <summary>
/// Who says that it owns which partitions. Two may say so of one: a worker that stands still does not know that another has taken over. Such a
/// partition has an owner, and counts once.
/// </summary>
/// <param name="partitions">As many as there can be.</param>
internal sealed class OwnersBook(int partitions)
{
    private readonly Dictionary<string, ImmutableArray<int>> _byWorker = new(StringComparer.Ordinal);

    /// <summary>By partition, how many say that they own it.</summary>
    private readonly int[] _owners = new int[partitions];

    /// <summary>Partitions that have an owner.</summary>
    public int Owned { get; private set; }

    /// <summary>Workers that own anything.</summary>
    public int Workers => _byWorker.Values.Count(owned => !owned.IsEmpty);

    public int Of(string worker) => _byWorker.TryGetValue(worker, out ImmutableArray<int> owned) ? owned.Length : 0;

    /// <summary>It owns these now, and no others.</summary>
    public void Note(string worker, ImmutableArray<int> owned)
    {
        Forget(worker);
        _byWorker.Add(worker, owned);
        foreach (int partition in owned)
        {
            Owned += _owners[partition]++ == 0 ? 1 : 0;
        }
    }

    /// <summary>It is gone.</summary>
    public void Forget(string worker)
    {
        if (!_byWorker.Remove(worker, out ImmutableArray<int> owned))
        {
            return;
        }

        foreach (int partition in owned)
        {
            Owned -= --_owners[partition] == 0 ? 1 : 0;
        }
    }
}
