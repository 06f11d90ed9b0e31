using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;
using Simulation.Model;
using Simulation.Partitioning;
using Simulation.Testing;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests.Virtual;

/// <summary>A small run over a modelled server: 20 partitions, 100 messages a second, 4 workers, 2 producers, 90 s that pass in no time.</summary>
internal sealed class VirtualRig : IRunTelemetry
{
    private readonly VirtualDispatcher _dispatcher;
    private readonly RecordingLog _log = new();
    private readonly Task<RunOutcome> _outcome;
    private RunStatus? _status;

    public VirtualRig(
        ulong seed, Func<RunOptions, RunOptions>? change = null, ConsumerLayout layout = ConsumerLayout.PerPartition, IFoldObserver? listener = null)
    {
        FoldObserver = listener;
        _dispatcher = Dispatchers.Virtual(seed);
        System = ActorSystem.Create("test", _dispatcher, seed, _log);
        Connector = new ModelConnector(new ModelServer(new ModelServerOptions()), System);
        RunOptions run = Options(seed);
        Run = change?.Invoke(run) ?? run;
        ImmutableArray<double> weights = [.. Run.Workload.Weights.Values.Select(weight => (double)weight)];
        Topology = new RunTopology("SIMULATION", "SIMULATION", new PartitionLayout(layout, weights, groupSize: 2));
        History = new MemoryHistoryStore(Run.RunId);
        Logs = new UnreadableOnceStore(History);
        Coordinator = System.ActorOf(Actors.Coordinator.Props(Run, Topology, new RunServices(Connector, Logs, this)), "coordinator");
        _outcome = System.AskAsync<RunOutcome>(Coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);
    }

    public ActorSystem System { get; }

    public ModelConnector Connector { get; }

    public RunOptions Run { get; }

    public RunTopology Topology { get; }

    public MemoryHistoryStore History { get; }

    /// <summary><see cref="History"/> as the run reads and writes it.</summary>
    public UnreadableOnceStore Logs { get; }

    public IFoldObserver? FoldObserver { get; }

    public IActorRef Coordinator { get; }

    public RunStatus Status => _status ?? throw new InvalidOperationException("The run has not begun.");

    /// <summary>A run in which every worker is at work and messages flow.</summary>
    public static VirtualRig InFullSwing(
        ulong seed, Func<RunOptions, RunOptions>? change = null, ConsumerLayout layout = ConsumerLayout.PerPartition, IFoldObserver? listener = null)
    {
        var rig = new VirtualRig(seed, change, layout, listener);
        rig.Until(status => status.Phase == RunPhase.Running && rig.IsSharedAmong(rig.Run.Consuming.WorkerCount) && status.Tracking?.Totals.Received > 100);
        return rig;
    }

    public bool IsSharedAmong(int workers) =>
        Status.Workers.Count == workers && Status.PartitionsOwned == Status.PartitionsTotal && Status.Workers.Values.All(owned => owned > 0);

    public FaultAnswer Inject(ParticipantFault fault) => Ask(fault);

    public FaultAnswer Undo(ParticipantFault fault) => Ask(new Undo(fault));

    /// <summary>What happened, and that it did happen.</summary>
    public string Bite(ParticipantFault fault)
    {
        FaultAnswer answer = Inject(fault);
        Assert.True(answer.Bit, $"{fault}: {answer.Text}");
        return answer.Text;
    }

    public void Pass(TimeSpan time) => _dispatcher.RunFor(time);

    /// <summary>Lets time pass until the run stands so, while it sends.</summary>
    public void Until(Func<RunStatus, bool> condition) => Assert.True(
        _dispatcher.RunUntil(() => _status is not null && condition(_status), _dispatcher.Elapsed + Run.Duration),
        $"The run never stood as the test needs it: {_status}, {string.Join(", ", _status!.Workers)}");

    /// <summary>What was said to people that begins so, in order.</summary>
    public IReadOnlyList<string> Said(string beginning) =>
        [.. _log.Entries.Where(entry => entry.Level >= LogLevel.Info && entry.Message.StartsWith(beginning, StringComparison.Ordinal)).Select(entry => entry.Message)];

    /// <summary>However the run ends.</summary>
    public RunOutcome End()
    {
        _dispatcher.RunUntil(() => _outcome.IsCompleted, _dispatcher.Elapsed + Run.Duration + Run.ValidationWindow + TimeSpan.FromMinutes(2));
        Assert.True(_outcome.IsCompleted, $"The run did not end: {Status}");
        return _outcome.Result;
    }

    public Judgement Finish()
    {
        RunOutcome outcome = End();
        Assert.Null(outcome.Failure);
        Assert.DoesNotContain(_log.Entries, entry => entry.Level == LogLevel.Error);
        return outcome.Judgement!;
    }

    /// <summary>Passed, and everything that was sent has been received.</summary>
    /// <param name="most">Messages that a run of this kind may send.</param>
    public Verdict Pass(int most = 10_000)
    {
        Verdict verdict = Finish().Verdict;
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
        Assert.Equal(0, verdict.Count(VerdictClass.ConcurrentOwners));
        Assert.InRange(verdict.Sent, 8_000, most);
        return verdict;
    }

    public void RebalanceCompleted(TimeSpan duration, int movedUnits)
    {
    }

    public void StatusChanged(RunStatus status) => _status = status;

    private FaultAnswer Ask(object order) => _dispatcher.Run(context => context.Ask<FaultAnswer>(Coordinator, order, TimeSpan.FromMinutes(2)));

    private static RunOptions Options(ulong seed) => new()
    {
        RunId = "test",
        Duration = TimeSpan.FromSeconds(90),
        Seed = seed,
        Workload = new WorkloadPlan(
            new WorkloadOptions
            {
                Partitions = new PartitionOptions { Count = 20, MessageRatePerPartition = 5 },
                Producers = new ProducerOptions { Count = 2 },
                ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.FromMilliseconds(1), Max = TimeSpan.FromMilliseconds(20) },
            },
            seed),
        Consuming = new ConsumingOptions { WorkerCount = 4 },
        Strategy = new RoundRobinStrategy(),
        Group = new GroupOptions { ExpectedMembers = 4 },
    };
}
