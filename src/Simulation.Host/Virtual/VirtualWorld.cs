using System.Globalization;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Configuration;
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
    /// <summary>Of the model alone: nobody watches a virtual run closely, and looking costs.</summary>
    private static readonly TimeSpan TrackingInterval = TimeSpan.FromSeconds(5);

    private readonly VirtualDispatcher _dispatcher;
    private readonly IActorRef _coordinator;
    private readonly Task<RunOutcome> _ending;

    public VirtualWorld(SimulationConfig config, ulong seed, IHistoryStore history, IRunTelemetry telemetry, IKernelLog log)
    {
        _dispatcher = Dispatchers.Virtual(seed);
        System = ActorSystem.Create("simulation", _dispatcher, seed, log);
        var server = new ModelServer(config.ToModelServer());
        var connector = new ModelConnector(server, System, config.ToModelNetwork());
        _dispatcher.Run(_ => new PreFlight(config, connector).CheckAsync());

        Run = config.ToRun(seed, history.RunId) with { TrackingInterval = TrackingInterval };
        var services = new RunServices(connector, history, telemetry);
        _coordinator = System.ActorOf(Coordinator.Props(Run, config.ToTopology(Run.Workload), services), "coordinator");
        RunChaos.Of(config, seed, RealFaults.WhyNot)?.Start(
            System, new ChaosServices(_coordinator, new ParticipantFaults(_coordinator, config.Workers.Count), history, IChaosTelemetry.None));
        _ending = System.AskAsync<RunOutcome>(_coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);
        ServerVersion = server.Options.Version.ToString();
    }

    public ActorSystem System { get; }

    public RunOptions Run { get; }

    public string ServerVersion { get; }

    public TimeSpan Elapsed => _dispatcher.Elapsed;

    /// <summary>Of everything that has happened so far.</summary>
    public ulong TraceHash => _dispatcher.TraceHash;

    public long Steps => _dispatcher.Steps;

    /// <summary>Null while the run goes on.</summary>
    public RunOutcome? Outcome => _ending.IsCompletedSuccessfully ? _ending.Result : null;

    public static string RunIdOf(ulong seed) => seed.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Lets time pass until then after the start, or until the run is over if that is sooner.</summary>
    /// <exception cref="InvalidOperationException">An actor's failure was escalated past the last supervisor.</exception>
    public void RunUntil(TimeSpan elapsed)
    {
        _dispatcher.RunUntil(() => _ending.IsCompleted || System.WhenFailed.IsCompleted, elapsed);
        if (System.WhenFailed.IsCompleted)
        {
            throw new InvalidOperationException("The actor system failed.", System.WhenFailed.Result);
        }
    }

    public void RunToEnd()
    {
        while (Outcome is null)
        {
            RunUntil(Elapsed + Run.Duration + Run.ValidationWindow);
        }
    }

    /// <summary>To the coordinator, from outside: the time at which it comes is the caller's, not the seed's.</summary>
    public void Tell(object message) => _coordinator.Tell(message);
}
