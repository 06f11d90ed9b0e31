namespace Simulation.Partitioning;

/// <summary>Where the parts of a member put what they want done.</summary>
internal sealed class Outbox
{
    private List<Effect> _effects = [];
    private List<Effect> _emptied = [];

    /// <summary>Number of the member's life; see <see cref="Store.Term"/>.</summary>
    public int Term { get; set; }

    public void Create(Cell cell, string key, byte[] value) => _effects.Add(new Store(Term, cell, StoreKind.Create, key, value, 0));

    public void Update(Cell cell, string key, byte[] value, ulong revision) => _effects.Add(new Store(Term, cell, StoreKind.Update, key, value, revision));

    /// <summary>Closes a lease that ran out, if it is still the one that was seen.</summary>
    public void Remove(Sighting sighting) =>
        Update(Cell.Removal, GroupKeys.Member(sighting.Record.Member.Id), GroupCodec.Encode(sighting.Record with { Ended = true }), sighting.Revision);

    public void Open(WatchKind kind, string filter) => _effects.Add(new OpenWatch(kind, filter));

    public void Close(WatchKind kind) => _effects.Add(new CloseWatch(kind));

    public void Tell(object message) => _effects.Add(new TellOwner(message));

    /// <returns>What is to be done, until the next call: two lists take turns, because most inputs have an effect.</returns>
    public List<Effect> Empty()
    {
        (_effects, _emptied) = (_emptied, _effects);
        _effects.Clear();
        return _emptied;
    }
}
