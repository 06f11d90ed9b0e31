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

    /// <summary>Per worker: what the shared consumer shall filter for, and whose turn it is to tell the server.</summary>
    private readonly SortedSet<int> _wanted = [];
    private readonly Turnstile _filters = new();
    private Consumption? _shared;

    private bool IsShared => topology.Layout.Layout == ConsumerLayout.PerWorker;

    public IEnumerable<Consumption> All => _byUnit.Values.Distinct();

    public Consumption? Of(int unit) => _byUnit.GetValueOrDefault(unit);

    /// <returns>What has to be pulled now and was not pulled before.</returns>
    public async ActorTask<ImmutableArray<Consumption>> AddAsync(ImmutableArray<int> units, MemberId owner)
    {
        if (!IsShared)
        {
            return [.. units.Select(unit => _byUnit[unit] = Open(topology.Layout.ConsumerName(unit, owner)))];
        }

        _wanted.UnionWith(units);
        await TellFiltersAsync(owner);
        ImmutableArray<Consumption> opened = _shared is null ? [_shared = Open(owner.ToString())] : [];
        foreach (int unit in units)
        {
            _byUnit[unit] = _shared;
        }

        return opened;
    }

    /// <summary>Asks for no more messages of these units. Those that came stay.</summary>
    public async ActorTask StopPullingAsync(ImmutableArray<int> units, MemberId owner)
    {
        if (IsShared)
        {
            _wanted.ExceptWith(units);
            await TellFiltersAsync(owner);
            return;
        }

        // Looked up before the first await: the lease may be lost during it, and then everything is forgotten.
        ImmutableArray<Consumption> consumptions = [.. units.Select(unit => _byUnit[unit])];
        foreach (Consumption consumption in consumptions)
        {
            await consumption.Subscription.StopAsync();
        }
    }

    /// <summary>Makes the consumer again if it is gone. It starts with the first message of the stream.</summary>
    /// <returns>False when it is there, or nobody here wants it any more.</returns>
    public async ActorTask<bool> MakeAgainAsync(Consumption consumption, MemberId owner)
    {
        string name = consumption.Subscription.Consumer;
        if (await connection.GetConsumerAsync(topology.Stream, name) is not null)
        {
            return false;
        }

        if (IsShared)
        {
            await TellFiltersAsync(owner);
            return consumption == _shared;
        }

        ImmutableArray<int> units = [.. _byUnit.Where(pair => pair.Value == consumption).Select(pair => pair.Key)];
        if (units is not [int unit])
        {
            return false;
        }

        await connection.CreateConsumerAsync(topology.Stream, ConsumerConfigs.For(run.Consuming, name, [topology.Layout.Filter(unit)]));
        return true;
    }

    /// <summary>The unit is somebody else's: what has come for it and waits unread is not processed here any more.</summary>
    public void Remove(int unit)
    {
        if (_byUnit.Remove(unit, out Consumption? consumption) && !IsShared)
        {
            consumption.Abandoned = true;
        }
    }

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
        _wanted.Clear();
        _shared = null;
        return dropped;
    }

    /// <summary>
    /// One change after another, each to what is wanted by then. An empty list of filters would mean everything, so a worker that owns
    /// nothing has no consumer.
    /// </summary>
    private async ActorTask TellFiltersAsync(MemberId owner)
    {
        await _filters.EnterAsync();
        try
        {
            if (_wanted.Count == 0)
            {
                await RemoveSharedAsync(owner.ToString());
                return;
            }

            ConsumerConfig config = ConsumerConfigs.For(run.Consuming, owner.ToString(), [.. _wanted.Select(topology.Layout.Filter)]);
            bool exists = await connection.GetConsumerAsync(topology.Stream, config.Name) is not null;
            await (exists ? connection.UpdateConsumerAsync(topology.Stream, config) : connection.CreateConsumerAsync(topology.Stream, config));
        }
        finally
        {
            _filters.Leave();
        }
    }

    private async ActorTask RemoveSharedAsync(string consumer)
    {
        if (_shared is { } shared)
        {
            _shared = null;
            await shared.Subscription.StopAsync();
        }

        await connection.DeleteConsumerAsync(topology.Stream, consumer);
    }

    private Consumption Open(string consumer) => new(
        connection.Subscribe(topology.Stream, consumer, new PullOptions { Outstanding = run.Consuming.Outstanding, Expires = run.Consuming.PullExpires }),
        run.Consuming.Outstanding);
}
