using Simulation.JetStream;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>On somebody else's server a run touches what is its own, and takes it away again, however it ends.</summary>
public sealed class ProcessExternalServerTests : ProcessTest
{
    private const string Own = "EDGE, KV_edge_group";

    [SkippableFact]
    public async Task Run_SeveralUrlsAndForeignStream_TouchesOnlyItsOwnAndRemovesIt()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await server.CreateStreamAsync("FOREIGN", "foreign.>");
        await server.PublishAsync("foreign.one", "precious");

        await using SimulationProcess run = Run("nats.mode=external", $"nats.url=nats://127.0.0.1:1,{server.Url}", "simulation.duration=1h");
        await run.SendsAsync();
        Assert.Equal("EDGE, FOREIGN, KV_edge_group", await server.StreamsAsync());
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);

        Assert.Equal("FOREIGN", await server.StreamsAsync());
        await server.ManageAsync(async connection =>
        {
            StreamInfo foreign = (await connection.GetStreamAsync("FOREIGN"))!;
            Assert.Equal((1, 0), (foreign.Messages, foreign.ConsumerCount));
        });
    }

    [SkippableFact]
    public async Task Run_Keep_LeavesItsOwnAndTheNextRunRefusesTheName()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        string[] external = ["nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1s"];
        await using SimulationProcess first = Run([.. external, "nats.keep=true"]);
        await first.ExitsAsync(0);
        Assert.Equal(Own, await server.StreamsAsync());

        await using SimulationProcess second = Run(external);
        await second.ExitsAsync(69);
        Assert.Contains("simulation: stream EDGE is already there", second.Error);
        Assert.Contains("choose another nats.prefix", second.Error);
        Assert.Equal(Own, await server.StreamsAsync());
    }

    /// <summary>Whoever comes second is refused, and takes nothing of the first one's away.</summary>
    [SkippableFact]
    public async Task Run_TwoAtOnceWithOnePrefix_OneRunsAndOneIsRefused()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        string[] external = ["nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h"];
        await using SimulationProcess one = Run(external);
        await using SimulationProcess other = Run(external);
        await Task.WhenAny(one.ExitAsync(), other.ExitAsync());
        (SimulationProcess refused, SimulationProcess running) = one.HasExited ? (one, other) : (other, one);
        await refused.ExitsAsync(69);
        await running.SendsAsync();
        running.Signal(Signal.Interrupt);
        await running.ExitsAsync(0);
        Assert.Empty(await server.StreamsAsync());
    }

    [SkippableFact]
    public async Task Run_BucketNameIsTaken_RefusesAndLeavesItAlone()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await server.CreateStreamAsync("KV_edge_group", "$KV.edge_group.>");
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}");
        await run.ExitsAsync(69);
        Assert.Contains("KV_edge_group is already there", run.Error);
        Assert.Equal("KV_edge_group", await server.StreamsAsync());
    }

    [SkippableFact]
    public async Task Run_SubjectsAreTaken_RefusesAndLeavesNothing()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await server.CreateStreamAsync("FOREIGN", "edge.>");
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}");
        await run.ExitsAsync(69);
        Assert.Contains("the server refused what the run needs", run.Error);
        Assert.Equal("FOREIGN", await server.StreamsAsync());
    }

    [SkippableFact]
    public async Task Run_ServerRefusesConsumers_Exits69AndLeavesNoHalfMadeStream()
    {
        const string FewConsumers =
            """
            jetstream { store_dir: "STORE" }
            accounts { SMALL { jetstream: {max_mem: 100MB, max_file: 100MB, max_streams: 10, max_consumers: 3}, users: [{user: me, password: secret}] } }
            """;
        await using OtherServer server = await OtherServer.StartAsync(FewConsumers, credentials: "me:secret@");
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}");
        await run.ExitsAsync(69);
        Assert.Contains("maximum consumers limit reached", run.Error);
        Assert.DoesNotContain("secret", run.Error);
        Assert.Empty(await server.StreamsAsync());
    }

    [SkippableFact]
    public async Task Interrupt_Once_DrainsAndRemovesItsOwn()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h");
        await run.SendsAsync();
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);
        Assert.Empty(await server.StreamsAsync());
    }

    [SkippableFact]
    public async Task Interrupt_Twice_Exits75AndRemovesItsOwn()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await using SimulationProcess run = Run(
            "nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h", "workers.processing_delay.min=1m", "workers.processing_delay.max=1m");
        await run.SaysAsync("running,");
        await server.ManageAsync(async connection =>
        {
            while ((await connection.GetStreamAsync("EDGE"))!.Messages == 0)
            {
            }
        });
        run.Signal(Signal.Interrupt);
        await run.SaysAsync("Draining");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(75);
        Assert.Empty(await server.StreamsAsync());
    }

    [SkippableFact]
    public async Task Interrupt_TwiceWhileTheServerHangs_Exits75AndSaysWhatMayBeLeft()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h");
        await run.SaysAsync("running,");
        OperatingSystemProcess.Signal(server.ProcessId, Signal.Stop);
        run.Signal(Signal.Interrupt);
        await run.SaysAsync("Draining");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(75);
        Assert.Contains("may be left there: stream EDGE", run.Error);
    }

    [SkippableFact]
    public async Task Run_ServerGoesAwayForGood_EndsInconclusiveAndSaysWhatIsLeft()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}", "coordinator.validation_window=2s", "simulation.duration=1h");
        await run.SaysAsync("running,");
        await server.KillAsync();
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(2);
        Assert.Contains("Verdict: inconclusive", run.Output);
        Assert.Contains("Left behind on the server: stream EDGE and key-value bucket edge_group", run.Error);
    }
}
