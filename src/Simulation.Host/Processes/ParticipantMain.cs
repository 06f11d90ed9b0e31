using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Simulation.Actors;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Checkpoints;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Host.View;
using Simulation.Kernel;
using Simulation.Nats;

namespace Simulation.Host.Processes;

/// <summary>A process with participants of a run whose coordinator is its parent: it does what its standard input says until that ends.</summary>
internal static class ParticipantMain
{
    public static async Task<ExitCode> RunAsync(SimulationConfig config, int parent)
    {
        if (!ProcessSignals.TryDieWith(parent) || await Console.In.ReadLineAsync() is not { } first)
        {
            return ExitCode.Interrupted;
        }

        // A signal from a terminal, or for everybody of that name, is for the coordinator: it drains, and needs its participants for that.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        using var checkpoint = new CheckpointSignal();
        ProcessIntroduction introduction = JsonSerializer.Deserialize<ProcessIntroduction>(first)!;
        using var log = new RunLog(introduction.LogFile, LogLevel.Info, (_, _) => { }, TimeProvider.System);
        ulong seed = config.Simulation.Seed!.Value;
        await using ActorSystem system = ActorSystem.Create("simulation", Dispatchers.Real(), seed, log);
        using var connector = new NatsConnector(config.ToNats(introduction.Url) with { Detour = (name, server) => Detour(introduction, name, server) }, system);
        IActorRef outpost = system.ActorOf(OutpostProps(config, introduction, seed, connector), "coordinator");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            outpost.Tell(OutpostWire.Read<OutpostCommand>(line));
        }

        return ExitCode.Passed;
    }

    private static DnsEndPoint Detour(ProcessIntroduction introduction, string participant, DnsEndPoint server)
    {
        string address = $"{server.Host}:{server.Port}";
        return introduction.Detours.FirstOrDefault(detour => detour.Participant == participant && detour.Server == address) is { } detour
            && Uri.TryCreate($"nats://{detour.Instead}", UriKind.Absolute, out Uri? instead)
                ? new DnsEndPoint(instead.Host, instead.Port)
                : server;
    }

    private static Props OutpostProps(SimulationConfig config, ProcessIntroduction introduction, ulong seed, NatsConnector connector)
    {
        RunOptions run = config.ToRun(seed, introduction.RunId, introduction.MostPartitions);
        run = run with { Stream = run.Stream with { MayBeFull = introduction.StreamMayBeFull } };
        var services = new RunServices(connector, new FileHistoryStore(introduction.History, introduction.RunId), new NoTelemetry());
        ParticipantKind kind = config.Simulation.Mode == RunMode.Producer ? ParticipantKind.Producer : ParticipantKind.Worker;
        TextWriter events = TextWriter.Synchronized(Console.Out);
        return Outpost.Props(kind, run, config.ToTopology(run.Workload), services, told =>
        {
            events.WriteLine(OutpostWire.Write(told));
            events.Flush();
        });
    }

    private sealed class NoTelemetry : IRunTelemetry
    {
        public void RebalanceCompleted(TimeSpan duration, int movedUnits)
        {
        }
    }
}
