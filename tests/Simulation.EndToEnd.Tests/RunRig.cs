using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.Partitioning;
using Simulation.TestServers;
using Simulation.TestServers.Proxy;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests;

/// <summary>
/// A small real run: a private nats-server with a proxy in front of it, or a cluster, and the harness as Host composes it. Tests break things at
/// the proxy or at the servers, or tell the coordinator to, and look at the judgement.
/// </summary>
internal sealed class RunRig : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly NatsProxy? _proxy;
    private readonly NatsConnector _connector;
    private readonly Lazy<Task<RunOutcome>> _outcome;

    private RunRig(TestFolder folder, EmbeddedNatsCluster cluster, NatsProxy? proxy, ActorSystem system, NatsConnector connector, RunOptions run, RunTopology topology)
    {
        _folder = folder;
        _proxy = proxy;
        _connector = connector;
        Cluster = cluster;
        System = system;
        Run = run;
        Topology = topology;
        History = new FileHistoryStore(HistoryFolder, run.RunId);
        Coordinator = system.ActorOf(Actors.Coordinator.Props(run, topology, new RunServices(connector, History, new NoTelemetry())), "coordinator");
        _outcome = new(() => system.AskAsync<RunOutcome>(Coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan));
    }

    public NatsProxy Proxy => _proxy ?? throw new InvalidOperationException("This run has no proxy.");

    public EmbeddedNatsCluster Cluster { get; }

    /// <summary>The first, or only one.</summary>
    public EmbeddedNatsServer Server => Cluster.Servers[0];

    public ActorSystem System { get; }

    public RunOptions Run { get; }

    public RunTopology Topology { get; }

    public IHistoryStore History { get; }

    public IActorRef Coordinator { get; }

    public string RunFolder => _folder.Path;

    private string HistoryFolder => Path.Combine(_folder.Path, "history");

    /// <summary>A small pipeline: 4 partitions, 200 messages a second, 2 workers, on the newest server. It sends until the test has seen what it needs.</summary>
    public static async Task<RunRig> StartAsync(
        Func<RunOptions, RunOptions>? change = null, ConsumerLayout layout = ConsumerLayout.PerPartition, string version = TestServerVersions.V215,
        WorkloadOptions? workload = null, Action<NatsProxy>? rules = null, int servers = 1, bool proxied = true)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        var folder = new TestFolder();
        EmbeddedNatsCluster cluster = await EmbeddedNatsCluster.StartAsync(
            servers, new EmbeddedNatsServerOptions { Binary = binary, Folder = Path.Combine(folder.Path, "nats") });
        NatsProxy? proxy = proxied && servers == 1 ? NatsProxy.Start(new Uri(cluster.Url)) : null;
        if (proxy is not null)
        {
            rules?.Invoke(proxy);
        }

        RunOptions run = Options(workload ?? SmallWorkload);
        run = change?.Invoke(run) ?? run;
        ImmutableArray<double> weights = [.. run.Workload.Weights.Values.Select(weight => (double)weight)];
        var topology = new RunTopology("SIMULATION", "SIMULATION", new PartitionLayout(layout, weights, groupSize: 2));
        ActorSystem system = ActorSystem.Create("test", Dispatchers.Real(), run.Seed);
        var connector = new NatsConnector(new NatsOptions { Url = proxy?.Url ?? cluster.Url }, system);
        return new RunRig(folder, cluster, proxy, system, connector, run, topology);
    }

    public static WorkloadOptions SmallWorkload { get; } = new()
    {
        Partitions = new PartitionOptions { Count = 4, MessageRatePerPartition = 50 },
        Producers = new ProducerOptions { Count = 2 },
        ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.Zero, Max = TimeSpan.FromMilliseconds(2) },
    };

    /// <summary>Ends the sending, and waits for the end of the run.</summary>
    public Task<Judgement> FinishAsync()
    {
        Coordinator.Tell(new FinishEarly("seen enough"));
        return JudgementAsync();
    }

    /// <summary>Waits for the end of the run, which comes when its time is up.</summary>
    public async Task<Judgement> JudgementAsync()
    {
        RunOutcome outcome = await _outcome.Value;
        return outcome.Failure is null ? outcome.Judgement! : throw new InvalidOperationException("The run could not be run.", outcome.Failure);
    }

    public Task<RunStatus> StatusAsync() => System.AskAsync<RunStatus>(Coordinator, new GetStatus(), TimeSpan.FromSeconds(10));

    /// <returns>What was seen of it.</returns>
    public async Task<string> BiteAsync(ParticipantFault fault)
    {
        FaultAnswer answer = await System.AskAsync<FaultAnswer>(Coordinator, fault, TimeSpan.FromSeconds(30));
        return answer.Bit ? answer.Text : throw new InvalidOperationException($"{fault} did not bite: {answer.Text}");
    }

    public Task<FaultAnswer> UndoAsync(ParticipantFault fault) => System.AskAsync<FaultAnswer>(Coordinator, new Undo(fault), TimeSpan.FromSeconds(30));

    /// <summary>Names of the streams on the server, buckets among them.</summary>
    public async Task<string> StreamsAsync()
    {
        string streams = "";
        await System.RunAsync(async _ =>
        {
            IJetStreamConnection connection = await _connector.ConnectAsync("administrator");
            streams = string.Join(", ", (await connection.ListStreamsAsync()).Select(stream => stream.Config.Name).Order(StringComparer.Ordinal));
            await connection.CloseAsync();
        });
        return streams;
    }

    /// <summary>Waits until the run stands as the test needs it.</summary>
    public async Task<RunStatus> UntilAsync(Func<RunStatus, bool> condition)
    {
        while (true)
        {
            RunStatus status = await StatusAsync();
            if (condition(status))
            {
                return status;
            }

            if (_outcome.Value.IsCompleted)
            {
                await JudgementAsync(); // Throws what ended it, if anything did.
            }

            if (status.Phase > RunPhase.Running)
            {
                throw new InvalidOperationException($"The run is over and never stood as the test needs it. Last: {status}, workers {string.Join(", ", status.Workers)}.");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Waits until so many messages were acknowledged.</summary>
    public Task<RunStatus> UntilSentAsync(long count) => UntilAsync(status => status.Tracking?.Totals.Sent >= count);

    /// <summary>Waits until so many more messages were acknowledged.</summary>
    public async Task UntilMoreSentAsync(long count)
    {
        RunStatus now = await StatusAsync();
        await UntilSentAsync((now.Tracking?.Totals.Sent ?? 0) + count);
    }

    /// <summary>Waits until the rule did what it is there for so often, and a hundred more messages were acknowledged.</summary>
    public async Task UntilHitAsync(FrameRule rule, int times = 1)
    {
        await UntilAsync(_ => rule.Hits >= times);
        await UntilMoreSentAsync(100);
    }

    /// <summary>From now on nothing is consumed, what is published is in the stream alone: for so long, or until the sending ends.</summary>
    public async Task SendWorkersAwayAsync(TimeSpan time)
    {
        await UntilSharedAmongAsync(Run.Consuming.WorkerCount);
        foreach (int worker in Enumerable.Range(0, Run.Consuming.WorkerCount))
        {
            Coordinator.Tell(new CrashWorker(worker, ComeBackAfter: time));
        }

        await UntilAsync(status => status.Workers.Count == 0);
    }

    /// <summary>Waits until so many workers own every partition, and each of them some if there are units for all.</summary>
    public Task<RunStatus> UntilSharedAmongAsync(int workers) => UntilAsync(status =>
        status.Workers.Count == workers && status.PartitionsOwned == Topology.Layout.PartitionCount
        && status.Workers.Values.Count(owned => owned > 0) == Math.Min(workers, Topology.Layout.Units.Length));

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        _connector.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A verdict that is not the expected one says why.</summary>
    public static void AssertOutcome(VerdictOutcome expected, Verdict verdict) => Assert.True(
        verdict.Outcome == expected,
        $"{verdict.Outcome} instead of {expected}. {verdict.Summary}. {string.Join(" ", verdict.Doubts)} {string.Join("; ", verdict.Evidence)}");

    private static RunOptions Options(WorkloadOptions workload) => new()
    {
        RunId = "test",
        Duration = TimeSpan.FromMinutes(10),
        Seed = 7,
        Workload = new WorkloadPlan(workload, 7),
        Consuming = new ConsumingOptions { WorkerCount = 2, AckWait = TimeSpan.FromSeconds(2) },
        Publishing = new PublishingOptions { Timeout = TimeSpan.FromSeconds(1) },
        Strategy = new RoundRobinStrategy(),
        Group = new GroupOptions { LeaseTtl = TimeSpan.FromSeconds(3), ExpectedMembers = 2 },
        ValidationWindow = TimeSpan.FromSeconds(20),
    };

    private sealed class NoTelemetry : IRunTelemetry
    {
        public void RebalanceCompleted(TimeSpan duration, int movedUnits)
        {
        }
    }
}
