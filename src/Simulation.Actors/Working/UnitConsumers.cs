using System.Collections.Immutable;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>
/// Which durable consumers a worker pulls for the units that it owns. Per partition and per group it is one consumer a unit, made with the
/// stream, and moving a unit changes who pulls. Per worker it is one consumer whose filters change, and that is where messages get stranded.
/// </summary>
internal sealed class UnitConsumers(IJetStreamConnection connection, RunOptions run, RunTopology topology)
{
    private readonly SortedDictionary<int, Consumption> _byUnit = [];
    private Consumption? _shared;

    private bool IsShared => topology.Layout.Layout == ConsumerLayout.PerWorker;

    public IEnumerable<Consumption> All => _byUnit.Values.Distinct();

    public Consumption? Of(int unit) => _byUnit.GetValueOrDefault(unit);

    /// <returns>What has to be pulled now and was not pulled before.</returns>
    public async ActorTask<ImmutableArray<Consumption>> AddAsync(ImmutableArray<int> units, MemberId owner)
    {
        return IsShared ? await AddToSharedAsync(units, owner) : [.. units.Select(unit => _byUnit[unit] = Open(topology.Layout.ConsumerName(unit, owner)))];
    }

    /// <summary>Asks for no more messages of these units. Those that came stay.</summary>
    public async ActorTask StopPullingAsync(ImmutableArray<int> units, MemberId owner)
    {
        if (IsShared)
        {
            await ChangeFiltersAsync([.. _byUnit.Keys.Except(units)], owner);
            return;
        }

        foreach (int unit in units)
        {
            await _byUnit[unit].Subscription.StopAsync();
        }
    }

    public void Remove(int unit) => _byUnit.Remove(unit);

    /// <summary>Forgets everything at once.</summary>
    /// <returns>What was pulled; it has to be stopped.</returns>
    public ImmutableArray<Consumption> Drop()
    {
        ImmutableArray<Consumption> dropped = [.. All];
        foreach (Consumption consumption in dropped)
        {
            consumption.Abandoned = true;
        }

        _byUnit.Clear();
        _shared = null;
        return dropped;
    }

    private async ActorTask<ImmutableArray<Consumption>> AddToSharedAsync(ImmutableArray<int> units, MemberId owner)
    {
        await ChangeFiltersAsync([.. _byUnit.Keys.Union(units).Order()], owner);
        ImmutableArray<Consumption> opened = _shared is null ? [_shared = Open(owner.ToString())] : [];
        foreach (int unit in units)
        {
            _byUnit[unit] = _shared;
        }

        return opened;
    }

    /// <summary>An empty list of filters would mean everything, so a worker that owns nothing has no consumer.</summary>
    private async ActorTask ChangeFiltersAsync(ImmutableArray<int> units, MemberId owner)
    {
        string name = owner.ToString();
        if (units.IsEmpty)
        {
            _shared?.Subscription.StopAsync();
            _shared = null;
            await connection.DeleteConsumerAsync(topology.Stream, name);
            return;
        }

        ConsumerConfig config = ConsumerConfigs.For(run.Consuming, name, [.. units.Select(topology.Layout.Filter)]);
        bool exists = await connection.GetConsumerAsync(topology.Stream, name) is not null;
        await (exists ? connection.UpdateConsumerAsync(topology.Stream, config) : connection.CreateConsumerAsync(topology.Stream, config));
    }

    private Consumption Open(string consumer) => new(
        connection.Subscribe(topology.Stream, consumer, new PullOptions { Outstanding = run.Consuming.Outstanding, Expires = run.Consuming.PullExpires }),
        run.Consuming.Outstanding);
}
