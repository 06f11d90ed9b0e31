using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>Who owns what, by the owners' own account: the latest to say so owns a partition.</summary>
internal sealed class OwnershipSeries
{
    private readonly SortedDictionary<int, Ownership> _partitions = [];
    private readonly SortedDictionary<string, int> _ownedBy = new(StringComparer.Ordinal);

    /// <summary>Partitions that have an owner.</summary>
    public int Owned { get; private set; }

    /// <summary>Participants that own a partition.</summary>
    public int Owners => _ownedBy.Count;

    /// <returns>Whether it had another owner before.</returns>
    public bool Start(int partition, string participant)
    {
        bool isKnown = _partitions.TryGetValue(partition, out Ownership before);
        if (before.Owner is { } other)
        {
            Lose(other);
        }

        _partitions[partition] = new Ownership(participant, participant);
        _ownedBy[participant] = _ownedBy.GetValueOrDefault(participant) + 1;
        Owned++;
        return isKnown && before.Latest != participant;
    }

    public void End(int partition, string participant)
    {
        if (_partitions.TryGetValue(partition, out Ownership ownership) && ownership.Owner == participant)
        {
            _partitions[partition] = ownership with { Owner = null };
            Lose(participant);
        }
    }

    public void EndAll(string participant)
    {
        if (_ownedBy.ContainsKey(participant))
        {
            foreach (int partition in _partitions.Where(entry => entry.Value.Owner == participant).Select(entry => entry.Key).ToArray())
            {
                End(partition, participant);
            }
        }
    }

    public void Exchange(FoldArchive archive)
    {
        archive.Exchange(_partitions, (ref Ownership ownership) =>
        {
            (string? owner, string latest) = (ownership.Owner, ownership.Latest ?? "");
            archive.ExchangeOptional(ref owner);
            archive.Exchange(ref latest);
            ownership = new Ownership(owner, latest);
        });
        archive.Exchange(_ownedBy, (ref int count) => archive.Exchange(ref count));
        Owned = _ownedBy.Values.Sum();
    }

    private void Lose(string participant)
    {
        Owned--;
        if (--_ownedBy[participant] == 0)
        {
            _ownedBy.Remove(participant);
        }
    }

    /// <param name="Owner">Null for nobody.</param>
    /// <param name="Latest">Who owned it last, or does.</param>
    private readonly record struct Ownership(string? Owner, string Latest);
}
