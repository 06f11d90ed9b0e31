using System.Text.Json;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Ctrl-C, SIGTERM, a terminal that is closed, and worse, with a server of the run's own.</summary>
public sealed class ProcessSignalTests : ProcessTest
{
    [SkippableTheory]
    [InlineData("Interrupt")]
    [InlineData("Terminate")]
    [InlineData("HangUp")]
    public async Task Signal_WhileRunning_DrainsAndGivesTheVerdictSoFar(string signal)
    {
        await using SimulationProcess run = Run("simulation.duration=1h");
        await run.SendsAsync();
        run.Signal(Enum.Parse<Signal>(signal));
        await run.ExitsAsync(0);
        Assert.Contains("Verdict: passed", run.Output);
        Assert.Contains("Ended early: asked to stop", run.Output);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "report.json")));
        Assert.Equal("asked to stop", report.RootElement.GetProperty("ended_early").GetString());
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>As <c>nohup</c> starts it: what is ignored stays so.</summary>
    [SkippableFact]
    public async Task HangUp_Ignored_GoesOn()
    {
        await using SimulationProcess run = Run("/bin/sh", ["-c", "trap '' HUP; exec \"$0\" \"$@\"", SimulationProcess.Executable], "simulation.duration=1h");
        await run.SendsAsync();
        run.Signal(Signal.HangUp);
        run.Signal(Signal.User1);
        await run.SaysAsync("SIGUSR1 asks for a checkpoint");
        Assert.DoesNotContain("Draining", run.Error);
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);
    }

    [SkippableFact]
    public async Task Signal_BeforeTheFirstMessage_IsInconclusive()
    {
        await using SimulationProcess run = Run("partitions.message_rate_per_partition=0.0001", "simulation.duration=1h");
        await run.SaysAsync("running,");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(2);
        Assert.Contains("No message was sent.", run.Output);
        await run.LeavesNothingRunningAsync();
    }

    [SkippableFact]
    public async Task Signal_Twice_Exits75AndLeavesNothingRunning()
    {
        await using SimulationProcess run = Run("simulation.duration=1h", "workers.processing_delay.min=1m", "workers.processing_delay.max=1m");
        await run.SendsAsync();
        run.Signal(Signal.Terminate);
        await run.SaysAsync("Draining");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(75);
        Assert.Contains("Stopped before the end, without a verdict.", run.Output);
        await run.LeavesNothingRunningAsync();
    }

    [SkippableFact]
    public async Task User1_WithoutCheckpoints_IsAnsweredAndTheRunGoesOn()
    {
        await using SimulationProcess run = Run("simulation.duration=1h");
        await run.SendsAsync();
        run.Signal(Signal.User1);
        await run.SaysAsync("SIGUSR1 asks for a checkpoint, and this run keeps none");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);
        Assert.Contains("Verdict: passed", run.Output);
    }

    [SkippableFact]
    public async Task Kill_WhileRunning_LeavesNoServer()
    {
        await using SimulationProcess run = Run("simulation.duration=1h");
        await run.SaysAsync("running,");
        Assert.Single(run.Servers());
        run.Signal(Signal.Kill);
        await run.ExitAsync();
        await run.LeavesNothingRunningAsync();
    }
}
