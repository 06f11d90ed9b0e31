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

    /// <summary>For what is there to have a leader.</summary>
    private static readonly TimeSpan LeaderPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LeaderPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the run's bucket may be there.</summary>
    public bool MayHaveBucket { get; set; }

    /// <summary>What there is on the server, in words.</summary>
    public string Belongings => $"stream {topology.Stream} and key-value bucket {GroupBuckets.NameOf(topology.BucketPrefix)}";

    /// <summary>
    /// In the stream's configuration, so that a server which has a stream of that name from anybody else refuses ours, and that one's is
    /// never taken for ours.
    /// </summary>
    private string Owner => $"run {run.RunId} of the simulation";

    /// <param name="context">Of whoever waits for it.</param>
    /// <param name="allAreDead">Whoever took part before; of a run that begins nobody did.</param>
    public async ActorTask<StreamInfo> CreateAsync(IActorContext context, bool allAreDead)
    {
        StreamInfo stream = await connection.CreateStreamAsync(StreamConfig());
        MayHaveBucket = true;
        await UntilAnsweredAsync(context, () => allAreDead
            ? GroupBuckets.RefoundAsync(connection, topology.BucketPrefix, run.Stream.Replicas)
            : GroupBuckets.FoundAsync(connection, topology.BucketPrefix, run.Stream.Replicas));
        return stream;
    }

    /// <summary>Servers that were just started know what they have before they have elected who answers for it.</summary>
    private static async ActorTask UntilAnsweredAsync(IActorContext context, Func<ActorTask> ask)
    {
        TimeSpan deadline = context.Uptime + LeaderPatience;
        while (!await TryAsync(ask, isLast: context.Uptime >= deadline))
        {
            await context.Delay(LeaderPoll);
        }
    }

    private static async ActorTask<bool> TryAsync(Func<ActorTask> ask, bool isLast)
    {
        try
        {
            await ask();
            return true;
        }
        catch (JetStreamUnavailableException) when (!isLast)
        {
            return false;
        }
    }

    /// <summary>The durables of these units; per worker there are none until a worker owns something.</summary>
    public async ActorTask CreateConsumersAsync(IActorContext context, IEnumerable<OwnershipUnit> units)
    {
        if (topology.Layout.Layout == ConsumerLayout.PerWorker)
        {
            return;
        }

        var open = new Queue<OwnershipUnit>(units);
        ImmutableArray<Promise<JetStreamException?>> makers = [.. Enumerable.Range(0, MadeAtATime).Select(_ => Promise<JetStreamException?>.Rent())];
        foreach (Promise<JetStreamException?> maker in makers)
        {
            context.Spawn(() => MakeConsumersAsync(context, open, maker));
        }

        JetStreamException? failure = null;
        foreach (Promise<JetStreamException?> maker in makers)
        {
            JetStreamException? one = await maker.Task;
            failure ??= one;
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Also what an answer that never came may have made.</summary>
    public async ActorTask RemoveAsync()
    {
        if (await connection.GetStreamAsync(topology.Stream) is { } stream && stream.Config.Description == Owner)
        {
            await connection.DeleteStreamAsync(topology.Stream);
        }

        if (MayHaveBucket)
        {
            await GroupBuckets.DeleteAsync(connection, topology.BucketPrefix);
        }
    }

    /// <summary>One that is refused ends the others; nobody waits for consumers that cannot all be had.</summary>
    private async ActorTask MakeConsumersAsync(IActorContext context, Queue<OwnershipUnit> open, Promise<JetStreamException?> done)
    {
        JetStreamException? failure = null;
        try
        {
            while (open.TryDequeue(out OwnershipUnit unit))
            {
                string name = topology.Layout.ConsumerName(unit.Id, default);
                ConsumerConfig config = ConsumerConfigs.For(run.Consuming, name, [topology.Layout.Filter(unit.Id)]);
                config = context.IsPlanted(PlantedBugs.MaxDeliverExhausted) ? config with { MaxDeliver = 2 } : config;
                await UntilAnsweredAsync(context, async () => await connection.CreateConsumerAsync(topology.Stream, config));
            }
        }
        catch (JetStreamException refused)
        {
            failure = refused;
            open.Clear();
        }

        done.TrySetResult(failure);
    }

    private StreamConfig StreamConfig() => new()
    {
        Name = topology.Stream,
        Description = Owner,
        Subjects = [topology.Layout.StreamSubject],
        Storage = run.Stream.Storage,
        Replicas = run.Stream.Replicas,
        MaxBytes = run.Stream.MaxBytes,
        MaxConsumers = Math.Max(-1, topology.Layout.Units.Length > 900 ? (topology.Layout.Units.Length * 2) : -1),
        DuplicateWindow = run.Stream.DuplicateWindow,
        Discard = run.Stream.Discard,
        AllowDirect = true,
    };
}
