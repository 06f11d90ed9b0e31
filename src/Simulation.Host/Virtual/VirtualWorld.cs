using System.Globalization;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.Host.Run;
using Simulation.Kernel;
using Simulation.Model;

namespace Simulation.Host.Virtual;

/// <summary>
/// The composition root of a run in the virtual world: the same coordinator, configuration and verdict over a modelled server. Nothing moves
/// but inside <see cref="RunUntil"/>, on the caller's thread; the same configuration and seed give the same world, bit for bit.
/// </summary>
internal sealed class VirtualWorld
{
    /// <summary>Nobody watches a virtual run closely, and looking costs: no more looks than this at a run, and none closer than that.</summary>
    private const int MostLooks = 500;
    private static readonly TimeSpan ClosestLook = TimeSpan.FromSeconds(5);

    /// <summary>For the next checkpoint to be begun.</summary>
    private static readonly TimeSpan CheckpointPatience = 2 * VirtualHarness.CheckpointInterval;

    /// <summary>For a store to be read, however rare things go.</summary>
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromMinutes(5);

    private readonly VirtualDispatcher _dispatcher;
    private readonly VirtualWorldOptions _options;
    private readonly ModelConnector _connector;
    private readonly RunChaos? _chaos;
    private readonly List<string> _deaths = [];
    private VirtualHarness _harness;

    /// <exception cref="CommandLine.UserErrorException">It cannot be run there; the message says why.</exception>
    public VirtualWorld(VirtualWorldOptions options)
    {
        _options = options;
        _dispatcher = Dispatchers.Virtual(options.Seed, planted: options.Planted);
        _dispatcher.Observe(options.Observer);
        System = ActorSystem.Create("simulation", _dispatcher, options.Seed, options.Log);
        StartedAt = System.Now;
        var server = new ModelCluster(options.Config.ToModelServer(), options.Config.Nats.Cluster.Size);
        _connector = new ModelConnector(server, System, options.Config.ToModelNetwork());
        _dispatcher.Run(_ => new PreFlight(options.Config, _connector).CheckAsync());

        _chaos = RunChaos.Of(options.Config, options.Seed, fault => VirtualFaults.WhyNot(fault.Kind, options.Config), warn => options.Log?.Write(LogLevel.Warning, "", warn));
        Plan = _chaos?.Plan ?? FaultPlan.Empty;
        RunOptions run = options.Config.ToRun(options.Seed, options.History.RunId, _chaos?.MostPartitions(options.Config));
        Run = run with { TrackingInterval = TimeSpan.FromTicks(Math.Max(ClosestLook.Ticks, run.Duration.Ticks / MostLooks)) };
        _harness = Begin();
        Conduct(isResumed: false);
        ServerVersion = server.Options.Version.ToString();
    }

    public ActorSystem System { get; }

    public RunOptions Run { get; }

    /// <summary>What breaks in it.</summary>
    public FaultPlan Plan { get; }

    public string ServerVersion { get; }

    public DateTimeOffset StartedAt { get; }

    public TimeSpan Elapsed => _dispatcher.Elapsed;

    /// <summary>Of everything that has happened so far.</summary>
    public ulong TraceHash => _dispatcher.TraceHash;

    public long Steps => _dispatcher.Steps;

    /// <summary>What each process was doing when it died, in words.</summary>
    public IEnumerable<string> Deaths => _deaths;

    public IEnumerable<BuggifySite> RareSites => _dispatcher.Buggify.Sites;

    /// <summary>Null while the run goes on.</summary>
    public RunOutcome? Outcome => _harness.Ending.IsCompletedSuccessfully ? _harness.Ending.Result : null;

    /// <summary>Part of every message's identity, so it follows from the seed as everything does.</summary>
    public static string RunIdOf(ulong seed) => seed.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Lets time pass until then after the start, or until the run is over if that is sooner.</summary>
    /// <exception cref="InvalidOperationException">An actor's failure was escalated past the last supervisor.</exception>
    /// <exception cref="ForeignWorkException">Something that began in the world went on outside of it.</exception>
    public void RunUntil(TimeSpan elapsed)
    {
        _dispatcher.RunUntil(() => _harness.Ending.IsCompleted || System.WhenFailed.IsCompleted, elapsed);
        _dispatcher.ThrowIfAnythingEscaped();
        if (System.WhenFailed.IsCompleted)
        {
            throw new InvalidOperationException("The actor system failed.", System.WhenFailed.Result);
        }
    }

    /// <summary>The process of the run dies, its servers with it. After a while both are started again, and the run goes on, unless it is over before.</summary>
    public void CrashAndResume(ProcessDeath death)
    {
        RunUntil(death.At);
        if (death.InCheckpoint)
        {
            _dispatcher.RunUntil(() => _harness.IsInCheckpoint || _harness.Ending.IsCompleted, Elapsed + CheckpointPatience);
        }

        if (Outcome is not null)
        {
            return;
        }

        Crash();
        _dispatcher.RunFor(death.Outage);
        foreach (TimeSpan recovery in death.Recoveries)
        {
            _harness = Begin();
            _dispatcher.RunFor(recovery);
            Crash();
            _dispatcher.RunFor(death.Outage);
        }

        foreach (ModelNode server in _connector.Server.Nodes)
        {
            _connector.StartServer(server.Number);
            _connector.FreeDisk(server.Number);
            _connector.RejoinServer(server.Number);
        }

        _harness = Begin();
        Conduct(isResumed: true);
    }

    /// <summary>Tells the observer everything from now on; see <see cref="VirtualDispatcher.Observe"/>.</summary>
    public void Observe(IWorldObserver observer) => _dispatcher.Observe(observer);

    /// <summary>To the coordinator, from outside: the time at which it comes is the caller's, not the seed's.</summary>
    public void Tell(object message) => _harness.Coordinator.Tell(message);

    private VirtualHarness Begin() => VirtualHarness.Begin(System, _connector, _options.History, _options.Config.History.Keep, _options.Disk);

    private void Conduct(bool isResumed)
    {
        _dispatcher.RunUntil(() => _harness.HasRecovered, _dispatcher.Elapsed + RecoveryPatience);
        _harness.Conduct(_options, Run, _chaos, coordinator => new FaultInjectors(
            new ParticipantFaults(coordinator), new VirtualFaults(_connector, _options.Config.StreamName())), _dispatcher.Buggify, isResumed);
    }

    private void Crash()
    {
        _deaths.Add(_harness.IsInCheckpoint ? "while a checkpoint was written" : _harness.HasRecovered ? "at any other time" : "while checkpoints were read");
        _harness.Crash();
        foreach (ModelNode server in _connector.Server.Nodes)
        {
            _connector.ResumeServer(server.Number);
            _connector.KillServer(server.Number);
        }
    }
}
