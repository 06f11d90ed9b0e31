using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <content>How many partitions there are: those with the lowest numbers.</content>
public sealed partial class Coordinator
{
    /// <summary>One change after another.</summary>
    private readonly Turnstile _partitionChanges = new();

    /// <summary>By producer at work, up to which partition it said that it sends.</summary>
    private readonly Dictionary<int, int> _sendsTo = [];

    /// <summary>Partitions that are sent to.</summary>
    private int _partitions;

    /// <summary>Partitions that are or have been sent to: they have consumers and owners.</summary>
    private int _served;

    private int UnitsServed => _topology.Layout.UnitsFor(_served);

    /// <summary>
    /// Names of the consumers through which every partition is pulled; null while some partition has no owner who would. Per worker, whoever is gone
    /// leaves a consumer behind, and so does one who came back under another number: nobody pulls those, and what only they would deliver is stranded.
    /// </summary>
    private IReadOnlySet<string>? Carriers() => _topology.Layout.Layout == ConsumerLayout.PerWorker
        ? PartitionsOwned == _served ? ConsumersOfOwners().ToHashSet(StringComparer.Ordinal) : null
        : _topology.Layout.Units.Take(UnitsServed).Select(unit => _topology.Layout.ConsumerName(unit.Id, default)).ToHashSet(StringComparer.Ordinal);

    private IEnumerable<string> ConsumersOfOwners() =>
        _members.Where(member => _owned.Of(Worker.NameOf(member.Key)) > 0).Select(member => member.Value.ToString());

    private async ActorTask<FaultAnswer> ChangePartitionsAsync(int change)
    {
        await _partitionChanges.EnterAsync();
        try
        {
            int before = _partitions;
            int count = Math.Clamp(before + change, 1, _topology.Layout.PartitionCount);
            if (count == before)
            {
                return FaultAnswer.Missed($"there are {before} partitions, and room for {_topology.Layout.PartitionCount}");
            }

            await ServeAsync(count);
            _partitions = count;
            _history.PartitionsChanged(Context.Now, count);
            Say($"Partitions changed: {before} -> {count}");
            foreach (int number in _readyProducers)
            {
                _producers[number].Tell(new SendToPartitions(count), Self);
            }

            return await _conditions.UntilAsync(Context, () => _readyProducers.All(number => _sendsTo.GetValueOrDefault(number) == count), LeavePatience)
                ? FaultAnswer.Proven($"from {before} to {count} partitions; {PartitionsOwned} of {_served} have owners")
                : FaultAnswer.Missed($"not every producer sends to {count} partitions within {LeavePatience.TotalSeconds:0} s");
        }
        finally
        {
            _partitionChanges.Leave();
        }
    }

    /// <summary>Consumers first, then owners, then messages: so that no message comes before whoever it is for.</summary>
    private async ActorTask ServeAsync(int count)
    {
        if (count <= _served)
        {
            return;
        }

        await _setup!.CreateConsumersAsync(Context, _topology.Layout.Units.Take(_topology.Layout.UnitsFor(count)).Skip(UnitsServed));
        _served = count;
        foreach (IActorRef worker in _workers.Values)
        {
            worker.Tell(new ServePartitions(count), Self);
        }

        await _conditions.UntilAsync(Context, () => PartitionsOwned == _served, OwnershipPatience);
    }
}
