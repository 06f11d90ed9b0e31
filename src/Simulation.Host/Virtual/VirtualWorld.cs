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

    private readonly VirtualDispatcher _dispatcher;
    private readonly IActorRef _coordinator;
    private readonly Task<RunOutcome> _ending;

    /// <exception cref="CommandLine.UserErrorException">It cannot be run there; the message says why.</exception>
    public VirtualWorld(VirtualWorldOptions options)
    {
        _dispatcher = Dispatchers.Virtual(options.Seed, planted: options.Planted);
        _dispatcher.Observe(options.Observer);
        System = ActorSystem.Create("simulation", _dispatcher, options.Seed, options.Log);
        StartedAt = System.Now;
        var server = new ModelCluster(options.Config.ToModelServer(), options.Config.Nats.Cluster.Size);
        var connector = new ModelConnector(server, System, options.Config.ToModelNetwork());
        _dispatcher.Run(_ => new PreFlight(options.Config, connector).CheckAsync());

        RunChaos? chaos = RunChaos.Of(options.Config, options.Seed, fault => VirtualFaults.WhyNot(fault.Kind, options.Config), warn => options.Log?.Write(LogLevel.Warning, "", warn));
        Plan = chaos?.Plan ?? FaultPlan.Empty;
        RunOptions run = options.Config.ToRun(options.Seed, options.History.RunId, chaos?.MostPartitions(options.Config));
        Run = run with { TrackingInterval = TimeSpan.FromTicks(Math.Max(ClosestLook.Ticks, run.Duration.Ticks / MostLooks)) };
        var services = new RunServices(connector, options.History, options.Telemetry);
        _coordinator = System.ActorOf(Coordinator.Props(Run, options.Config.ToTopology(Run.Workload), services), "coordinator");
        System.ActorOf(CalmAtTheEnd.Props(_coordinator, _dispatcher.Buggify), "calm");
        var injector = new FaultInjectors(new ParticipantFaults(_coordinator), new VirtualFaults(connector, options.Config.StreamName()));
        chaos?.Start(System, new ChaosServices(_coordinator, injector, options.History, options.ChaosTelemetry));
        _ending = System.AskAsync<RunOutcome>(_coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);
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

    public IEnumerable<BuggifySite> RareSites => _dispatcher.Buggify.Sites;

    /// <summary>Null while the run goes on.</summary>
    public RunOutcome? Outcome => _ending.IsCompletedSuccessfully ? _ending.Result : null;

    /// <summary>Part of every message's identity, so it follows from the seed as everything does.</summary>
    public static string RunIdOf(ulong seed) => seed.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Lets time pass until then after the start, or until the run is over if that is sooner.</summary>
    /// <exception cref="InvalidOperationException">An actor's failure was escalated past the last supervisor.</exception>
    /// <exception cref="ForeignWorkException">Something that began in the world went on outside of it.</exception>
    public void RunUntil(TimeSpan elapsed)
    {
        _dispatcher.RunUntil(() => _ending.IsCompleted || System.WhenFailed.IsCompleted, elapsed);
        _dispatcher.ThrowIfAnythingEscaped();
        if (System.WhenFailed.IsCompleted)
        {
            throw new InvalidOperationException("The actor system failed.", System.WhenFailed.Result);
        }
    }

    /// <summary>Tells the observer everything from now on; see <see cref="VirtualDispatcher.Observe"/>.</summary>
    public void Observe(IWorldObserver observer) => _dispatcher.Observe(observer);

    /// <summary>To the coordinator, from outside: the time at which it comes is the caller's, not the seed's.</summary>
    public void Tell(object message) => _coordinator.Tell(message);
}
