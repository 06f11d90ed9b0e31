using System.Globalization;
using System.Net;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Checkpoints;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Processes;
using Simulation.Host.Telemetry;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Proxy;

namespace Simulation.Host.Run;

/// <summary>The composition root of a run in the real world: servers, actor system, connector and coordinator, and their end in the opposite order.</summary>
internal sealed class RealRun : IRunComposition
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>For taking away what a run that is stopped at once has on somebody else's server.</summary>
    private static readonly TimeSpan AbandonPatience = TimeSpan.FromSeconds(3);

    public async Task<RunConclusion> RunAsync(RunRequest request)
    {
        RunChaos? chaos = RunChaos.Of(request.Config, request.Seed, fault => RealFaults.WhyNot(request.Config, fault), request.Log.Warning);
        bool networkFaults = chaos?.Has(NetworkFaults.Supported) ?? false;
        await using Checkpointing? checkpoints = await Checkpointing.OpenAsync(request);
        if (request.IsResumed && IsFinished(request))
        {
            Resume(request, checkpoints)?.Tail.Dispose();
            return JudgeAgain(request);
        }

        // A server reads its store meanwhile, which with millions of messages takes longer.
        Task<Resumption?> remembering = request.IsResumed ? Task.Run(() => Resume(request, checkpoints)) : Task.FromResult<Resumption?>(null);
        try
        {
            await using RunServers servers = await RunServers.StartAsync(request.Config.Nats, request.Folder, request.Log, networkFaults, RealFaults.NeedOwnDisks(chaos?.Plan), request.Shutdown.Stop);
            await using ServerMonitor? monitor = servers.Embedded is { } cluster ? ServerMonitor.Start(cluster, request.Instruments) : null;
            Resumption? resumption = await remembering;
            await using var network = new FaultNetwork();
            await using ActorSystem system = ActorSystem.Create("simulation", Dispatchers.Real(), request.Seed, request.Log);
            using var connector = new NatsConnector(
                request.Config.ToNats(servers.Url) with { Detour = networkFaults ? network.Detour : null }, system);
            await system.RunAsync(_ => new PreFlight(request.Config, connector, isResumed: resumption is not null).CheckAsync());
            if (request.IsResumed)
            {
                request.Log.Info("Continuing simulation...");
            }

            return await ConductAsync(request, chaos, checkpoints, resumption, servers, network, system, connector);
        }
        catch (OperationCanceledException) when (request.Shutdown.WasAskedToStop)
        {
            return new RunConclusion
            {
                Verdict = null,
                EndedEarly = "stopped at once",
                Abandoned = request.Config is { Nats.Mode: NatsMode.External, Checkpointing.Enabled: false },
            };
        }
        catch (JetStreamUnavailableException unreachable)
        {
            throw new UserErrorException(ExitCode.Unavailable, unreachable.Message, unreachable);
        }
    }

    /// <summary>What the run had come to.</summary>
    /// <returns>Null when it had not begun: then it begins now.</returns>
    private static Resumption? Resume(RunRequest request, Checkpointing? checkpoints)
    {
        Resumption? resumption = RunHistory.IsIn(request.Folder.Path) ? ReadLogs(request, checkpoints) : null;
        if (resumption is null or { Tail.Fold.Records: 0 })
        {
            resumption?.Tail.Dispose();
            request.Log.Info("Resuming from checkpoint: none, the run had not begun");
            request.Log.Info("Restored state: 0 messages sent, 0 received");
            return null;
        }

        TrackerSnapshot state = resumption.Tail.Fold.Snapshot();
        request.Log.Info(string.Create(CultureInfo.InvariantCulture, $"Restored state: {state.Sent} messages sent, {state.Received} received"));
        return resumption;
    }

    /// <summary>From the newest checkpoint on, or from their beginning.</summary>
    private static Resumption ReadLogs(RunRequest request, Checkpointing? checkpoints)
    {
        if (checkpoints?.Newest is { } checkpoint)
        {
            request.Log.Info(string.Create(CultureInfo.InvariantCulture, $"Resuming from checkpoint: {checkpoints.Location}, after {Duration.Format(TimeSpan.FromSeconds(Math.Round(checkpoint.SentForSeconds)))}"));
            try
            {
                return Resumption.From(HistoryOf(request), checkpoint.Fold, ObserverOf(request, checkpoints), request.MayHaveSurvivors);
            }
            catch (InvalidDataException unusable)
            {
                request.Log.Warning($"The checkpoint cannot be used: {unusable.Message} All logs are read instead");
            }
        }
        else
        {
            request.Log.Info($"Resuming from checkpoint: none, so all of {request.Folder.In(RunHistory.FolderName)} is read");
        }

        return Resumption.From(HistoryOf(request), observer: ObserverOf(request, checkpoints), mayHaveSurvivors: request.MayHaveSurvivors);
    }

    /// <summary>What is read counts in the journal and in the metrics as it did when it was new.</summary>
    private static IFoldObserver? ObserverOf(RunRequest request, Checkpointing? checkpoints) => new RunWatch(request.Instruments, checkpoints?.Tap).FoldObserver;

    /// <summary>By what the coordinator wrote last.</summary>
    private static bool IsFinished(RunRequest request)
    {
        if (!RunHistory.IsIn(request.Folder.Path))
        {
            return false;
        }

        using ParticipantLog? log = ParticipantLog.Open(HistoryOf(request), Coordinator.Name);
        RunPhase phase = RunPhase.Starting;
        while (log?.Reader.TryRead(out HistoryRecord record) == true)
        {
            phase = record.Type == RecordType.PhaseChanged ? record.Phase : phase;
        }

        return phase == RunPhase.Finished;
    }

    /// <summary>It had been written down to the end, and nobody was told.</summary>
    private static RunConclusion JudgeAgain(RunRequest request)
    {
        var evidence = new List<Evidence>();
        Verdict verdict = Checker.Check(HistoryOf(request), evidence.Add);
        return new RunConclusion { Verdict = verdict, Evidence = [.. evidence] };
    }

    private static FileHistoryStore HistoryOf(RunRequest request) => new(request.Folder.In(RunHistory.FolderName), request.Folder.RunId);

    private static async Task<RunConclusion> ConductAsync(
        RunRequest request, RunChaos? chaos, Checkpointing? checkpoints, Resumption? resumption, RunServers servers, FaultNetwork network, ActorSystem system, NatsConnector connector)
    {
        RunOptions run = request.Config.ToRun(request.Seed, request.Folder.RunId, chaos?.MostPartitions(request.Config));
        FaultNetwork? detours = chaos?.Has(NetworkFaults.Supported) == true ? network : null;
        await using ParticipantProcesses? workers = ProcessesFor("worker", request.Config.Workers.Isolation, request.Config.Workers.PerProcess, request, servers, detours, run);
        await using ParticipantProcesses? producers = ProcessesFor("producer", request.Config.Producers.Isolation, request.Config.Producers.PerProcess, request, servers, detours, run);
        RunTopology topology = request.Config.ToTopology(run.Workload);
        request.Instruments.Plan(run);
        request.Instruments.WatchParticipants(() => [.. workers?.Running() ?? [], .. producers?.Running() ?? []]);
        var watch = new RunWatch(request.Instruments, request.Thresholds?.FoldObserver, checkpoints?.Tap)
        {
            // A process keeps its ways while it lives, whichever of its participants do.
            WhenEnded = (kind, name) => Leave((kind == ParticipantKind.Worker ? workers : producers) is null ? detours : null, [name]),
        };
        var services = new RunServices(connector, HistoryOf(request), watch)
        {
            Workers = workers,
            Producers = producers,
        };
        IActorRef coordinator = system.ActorOf(Coordinator.Props(run, topology, services, resumption), Coordinator.Name);
        checkpoints?.Follow(coordinator, resumption);
        await using StoreShadows shadows = servers.Embedded is { } cluster && chaos is not null && chaos.Has(StoreShadows.NeededFor)
            ? StoreShadows.Keep(cluster, request.Config.Nats.Jetstream.SyncInterval, system, coordinator)
            : StoreShadows.None;
        if (chaos is not null)
        {
            await File.WriteAllTextAsync(request.Folder.ChaosPlanFile, chaos.Plan.ToYaml());
            IFaultInjector injector = Injector(request, servers, network, shadows, coordinator);
            chaos.Start(system, new ChaosServices(coordinator, injector, services.History, request.Instruments), resumption);
        }

        servers.Incident += (what, away) => coordinator.Tell(new ServerWasAway(what, away));
        servers.Lost += what => coordinator.Tell(new CutShort(what));
        await using CancellationTokenRegistration drain = request.Shutdown.Drain.Register(() => coordinator.Tell(new FinishEarly("asked to stop")));

        Task<RunOutcome> ending = system.AskAsync<RunOutcome>(coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);
        try
        {
            await ShowUntilAsync(ending, request, system, coordinator, watch, new SnapshotMapper(run));
        }
        catch (OperationCanceledException) when (request.Shutdown.WasAskedToStop)
        {
            if (!request.Config.Checkpointing.Enabled)
            {
                await AbandonAsync(request, servers, system, coordinator);
            }

            throw;
        }

        RunOutcome outcome = await ending;
        if (watch.Latest is { } last)
        {
            request.Instruments.Show(new SnapshotMapper(run).Map(last));
        }

        return RunEnding.Conclude(outcome, servers.Versions);
    }

    private static FaultInjectors Injector(
        RunRequest request, RunServers servers, FaultNetwork network, StoreShadows shadows, IActorRef coordinator)
    {
        IFaultInjector[] injectors = [new ParticipantFaults(coordinator), new NetworkFaults(network, servers.Embedded)];
        return servers.Embedded is { } cluster
            ? new FaultInjectors([.. injectors, new ServerFaults(cluster, request.Config.StreamName(), shadows, request.Seed)])
            : new FaultInjectors(injectors);
    }

    private static ParticipantProcesses? ProcessesFor(
        string mode, Isolation isolation, int perProcess, RunRequest request, RunServers servers, FaultNetwork? network, RunOptions run) =>
        isolation == Isolation.Actor ? null : new ParticipantProcesses(mode, perProcess, request.Arguments, (name, numbers) => new ProcessIntroduction(
            request.Folder.RunId, request.Folder.In(RunHistory.FolderName), servers.Url, request.Folder.In($"{name}.log"), run.Stream.MayBeFull, run.Workload.Options.Partitions.Capacity,
            network is null ? [] : [.. DetoursOf(numbers.Select(number => $"{mode}-{number}"), servers.Url, network)]),
            gone => Leave(network, gone.Select(number => $"{mode}-{number}")));

    private static void Leave(FaultNetwork? network, IEnumerable<string> participants)
    {
        foreach (string participant in participants)
        {
            network?.Leave(participant);
        }
    }

    /// <summary>The proxies are here; another process has to be told where.</summary>
    private static IEnumerable<ProcessDetour> DetoursOf(IEnumerable<string> participants, string urls, FaultNetwork network) =>
        from participant in participants
        from url in urls.Split(',')
        let server = new Uri(url.Contains("://", StringComparison.Ordinal) ? url.Trim() : $"nats://{url.Trim()}")
        let instead = network.Detour(participant, new DnsEndPoint(server.Host, server.Port))
        select new ProcessDetour(participant, $"{server.Host}:{server.Port}", $"{instead.Host}:{instead.Port}");

    private static async Task ShowUntilAsync(
        Task<RunOutcome> ending, RunRequest request, ActorSystem system, IActorRef coordinator, RunWatch watch, SnapshotMapper snapshots)
    {
        while (!ending.IsCompleted)
        {
            await Task.WhenAny(ending, Task.Delay(StatusInterval, request.Shutdown.Stop));
            request.Shutdown.Stop.ThrowIfCancellationRequested();
            if (system.WhenFailed.IsCompleted)
            {
                await system.WhenFailed;
            }

            if (request.Folder.MissesRoom() is { } little)
            {
                coordinator.Tell(new CutShort(little));
            }

            if (request.Thresholds?.Aborted is { } missed)
            {
                coordinator.Tell(new FinishEarly(missed));
            }

            if (watch.Latest is { } status)
            {
                request.Show(snapshots.Map(status));
            }
        }
    }

    /// <summary>A server of the run's own goes away with everything on it; on somebody else's the run cleans up, or says what it leaves.</summary>
    private static async Task AbandonAsync(RunRequest request, RunServers servers, ActorSystem system, IActorRef coordinator)
    {
        if (servers.AreOurs)
        {
            return;
        }

        try
        {
            await system.AskAsync<Abandoned>(coordinator, new Abandon(), AbandonPatience);
        }
        catch (AskTimeoutException)
        {
            request.Log.Warning($"What the run made at {servers.Url} may be left there: stream {request.Config.StreamName()} and what begins with "
                + $"{request.Config.Nats.Prefix}. Remove it, or give the next run another nats.prefix");
        }
    }
}
