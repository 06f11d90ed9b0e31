using Simulation.Actors;
using Simulation.History;
using Simulation.Host.Checkpoints;
using Simulation.Host.Run;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Virtual;

/// <summary>
/// What the process of a run would be: coordinator, participants, chaos and keeper, and their connections. All of it dies together, at any
/// instant, and another one goes on from what was written down.
/// </summary>
internal sealed class VirtualHarness : IJetStreamConnector
{
    public static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    /// <summary>Looking is a good part of what a short run with many faults costs, and what is counted changes more rarely than this.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ActorSystem _system;
    private readonly IJetStreamConnector _connector;
    private readonly List<IJetStreamConnection> _connections = [];
    private readonly List<IActorRef> _actors = [];
    private VirtualStore? _store;
    private IActorRef? _keeper;
    private Checkpoint? _newest;

    private VirtualHarness(ActorSystem system, IJetStreamConnector connector) => (_system, _connector) = (system, connector);

    public IActorRef Coordinator { get; private set; } = null!;

    public Task<RunOutcome> Ending { get; private set; } = null!;

    /// <summary>What is on the disk has been read, or cannot be.</summary>
    public bool HasRecovered { get; private set; }

    /// <summary>A checkpoint is being written.</summary>
    public bool IsInCheckpoint => _store?.IsSavingSnapshot ?? false;

    /// <summary>A process that has nothing yet but its store.</summary>
    /// <param name="system">Of the world.</param>
    /// <param name="connector">To its servers.</param>
    /// <param name="logs">Of the run.</param>
    /// <param name="keep">For how long their records stay; null for ever.</param>
    /// <param name="disk">With the checkpoints; null for a run without.</param>
    public static VirtualHarness Begin(ActorSystem system, IJetStreamConnector connector, IHistoryStore logs, TimeSpan? keep, VirtualDisk? disk)
    {
        var harness = new VirtualHarness(system, connector) { HasRecovered = disk is null };
        if (disk is not null)
        {
            harness._store = new VirtualStore(disk, system);
            var options = new KeeperOptions(logs.RunId, CheckpointInterval, harness.Recovered, Unmeasured.Checkpoints, HistoryKeeping.Of(logs, keep));
            harness._keeper = harness.Own(system.ActorOf(KeeperHome.Props(options, new PersistenceServices(harness._store, harness._store, Stored.Types)), "keeper"));
        }

        return harness;
    }

    /// <summary>Once it <see cref="HasRecovered"/>: begins the run, or goes on with it.</summary>
    public void Conduct(VirtualWorldOptions options, RunOptions run, RunChaos? chaos, Func<IActorRef, Chaos.IFaultInjector> injector, Buggifier rare, bool isResumed)
    {
        JournalTap? tap = _keeper is null ? null : new JournalTap(_keeper);
        Resumption? resumption = isResumed ? Resume(options.History, tap) : null;
        var services = new RunServices(this, options.History, new RunWatch(options.Telemetry, tap));
        Coordinator = Own(_system.ActorOf(Actors.Coordinator.Props(run, options.Config.ToTopology(run.Workload), services, resumption), Actors.Coordinator.Name));
        Own(_system.ActorOf(CalmAtTheEnd.Props(Coordinator, rare), "calm"));
        var chaosServices = new Chaos.ChaosServices(Coordinator, injector(Coordinator), options.History, options.ChaosTelemetry) { LookInterval = LookInterval };
        if (chaos?.Start(_system, chaosServices, resumption) is { } actor)
        {
            Own(actor);
        }

        _keeper?.Tell(new Conduct(Coordinator, resumption?.InterruptedAt));
        Ending = _system.AskAsync<RunOutcome>(Coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>SIGKILL.</summary>
    public void Crash()
    {
        foreach (IActorRef actor in _actors)
        {
            _system.Kill(actor);
        }

        foreach (IJetStreamConnection connection in _connections)
        {
            connection.Abort();
        }

        _store?.Crash();
    }

    public async ActorTask<IJetStreamConnection> ConnectAsync(string name, IActorRef? observer = null)
    {
        IJetStreamConnection connection = await _connector.ConnectAsync(name, observer);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>From the newest checkpoint, unless it is not of these logs any more, as in the real world.</summary>
    private Resumption Resume(IHistoryStore logs, IFoldObserver? tap)
    {
        try
        {
            return Resumption.From(logs, _newest?.Fold, tap);
        }
        catch (InvalidDataException)
        {
            return Resumption.From(logs, observer: tap);
        }
    }

    private IActorRef Own(IActorRef actor)
    {
        _actors.Add(actor);
        return actor;
    }

    private void Recovered(Checkpoint? newest, Exception? failure)
    {
        _newest = newest;
        HasRecovered = true;
    }
}
