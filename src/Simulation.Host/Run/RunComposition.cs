using Simulation.Actors;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;

namespace Simulation.Host.Run;

/// <summary>The composition root of a real run: servers, actor system, connector and coordinator, and their end in the opposite order.</summary>
internal sealed class RunComposition : IRunComposition
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(250);

    public async Task<RunConclusion> RunAsync(RunRequest request)
    {
        try
        {
            await using RunServers servers = await RunServers.StartAsync(request.Config.Nats, request.Folder, request.Log, request.Shutdown.Stop);
            await using ActorSystem system = ActorSystem.Create("simulation", Dispatchers.Real(), request.Seed, request.Log);
            using var connector = new NatsConnector(request.Config.ToNats(servers.Url), system);
            await new PreFlight(request.Config, connector).CheckAsync(system);
            return await ConductAsync(request, servers, system, connector);
        }
        catch (OperationCanceledException) when (request.Shutdown.WasAskedToStop)
        {
            return new RunConclusion { Verdict = null, EndedEarly = "stopped at once" };
        }
        catch (JetStreamUnavailableException unreachable)
        {
            throw new UserErrorException(ExitCode.Unavailable, unreachable.Message, unreachable);
        }
    }

    private static async Task<RunConclusion> ConductAsync(RunRequest request, RunServers servers, ActorSystem system, NatsConnector connector)
    {
        RunOptions run = request.Config.ToRun(request.Seed, request.Folder.RunId);
        RunTopology topology = request.Config.ToTopology(run.Workload);
        var services = new RunServices(connector, new FileHistoryStore(request.Folder.In("history"), request.Folder.RunId), request.Instruments);
        IActorRef coordinator = system.ActorOf(Coordinator.Props(run, topology, services), "coordinator");
        servers.Incident += (what, away) => coordinator.Tell(new ServerIncident(what, away));
        await using CancellationTokenRegistration drain = request.Shutdown.Drain.Register(() => coordinator.Tell(new FinishEarly("asked to stop")));

        Task<RunOutcome> ending = system.AskAsync<RunOutcome>(coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);
        await ShowUntilAsync(ending, request, system, coordinator, run);
        RunOutcome outcome = await ending;
        if (outcome.Failure is { } failure)
        {
            throw Explain(failure);
        }

        return new RunConclusion
        {
            Verdict = outcome.Judgement!.Verdict,
            Evidence = outcome.Judgement.Evidence,
            EndedEarly = outcome.EndedEarly,
            Servers = servers.Versions,
        };
    }

    private static async Task ShowUntilAsync(Task<RunOutcome> ending, RunRequest request, ActorSystem system, IActorRef coordinator, RunOptions run)
    {
        var snapshots = new SnapshotMapper(run);
        while (!ending.IsCompleted)
        {
            await Task.WhenAny(ending, Task.Delay(StatusInterval, request.Shutdown.Stop));
            request.Shutdown.Stop.ThrowIfCancellationRequested();
            if (system.WhenFailed.IsCompleted)
            {
                await system.WhenFailed;
            }

            request.Show(snapshots.Map(await system.AskAsync<RunStatus>(coordinator, new GetStatus(), TimeSpan.FromSeconds(30))));
        }
    }

    private static Exception Explain(Exception failure) => failure switch
    {
        IOException => new UserErrorException(ExitCode.Unavailable, $"the run's folder cannot be written any more: {failure.Message}", failure),
        JetStreamException => new UserErrorException(ExitCode.Unavailable, $"the server refused what the run needs: {failure.Message}", failure),
        _ => failure,
    };
}
