using System.Collections.Immutable;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>Makes what a run needs on the server, and takes away what it made. Nothing else there is touched.</summary>
internal sealed class RunSetup(IJetStreamConnection connection, RunOptions run, RunTopology topology)
{
    /// <summary>Consumers are made so many at a time; each waits for the server's answer.</summary>
    private const int MadeAtATime = 32;

    public async ActorTask<StreamInfo> CreateAsync()
    {
        StreamInfo stream = await connection.CreateStreamAsync(StreamConfig());
        await GroupBuckets.CreateAsync(connection, topology.BucketPrefix, run.Stream.Replicas);
        return stream;
    }

    /// <summary>The durables of the run; per worker there are none until a worker owns something.</summary>
    public async ActorTask CreateConsumersAsync(IActorContext context)
    {
        if (topology.Layout.Layout == ConsumerLayout.PerWorker)
        {
            return;
        }

        var open = new Queue<OwnershipUnit>(topology.Layout.Units);
        ImmutableArray<Promise<bool>> makers = [.. Enumerable.Range(0, MadeAtATime).Select(_ => Promise<bool>.Rent())];
        foreach (Promise<bool> maker in makers)
        {
            context.Spawn(() => MakeConsumersAsync(open, maker));
        }

        foreach (Promise<bool> maker in makers)
        {
            await maker.Task;
        }
    }

    public async ActorTask RemoveAsync()
    {
        await GroupBuckets.DeleteAsync(connection, topology.BucketPrefix);
        await connection.DeleteStreamAsync(topology.Stream);
    }

    private async ActorTask MakeConsumersAsync(Queue<OwnershipUnit> open, Promise<bool> done)
    {
        while (open.TryDequeue(out OwnershipUnit unit))
        {
            string name = topology.Layout.ConsumerName(unit.Id, default);
            await connection.CreateConsumerAsync(topology.Stream, ConsumerConfigs.For(run.Consuming, name, [topology.Layout.Filter(unit.Id)]));
        }

        done.TrySetResult(true);
    }

    private StreamConfig StreamConfig() => new()
    {
        Name = topology.Stream,
        Subjects = [topology.Layout.StreamSubject],
        Storage = run.Stream.Storage,
        Replicas = run.Stream.Replicas,
        MaxBytes = run.Stream.MaxBytes,
        MaxConsumers = Math.Max(-1, topology.Layout.Units.Length > 900 ? (topology.Layout.Units.Length * 2) : -1),
        DuplicateWindow = run.Stream.DuplicateWindow,

        // A full stream must refuse: to drop old messages would be a loss that the run itself asked for.
        Discard = DiscardPolicy.New,
        AllowDirect = true,
    };
}
