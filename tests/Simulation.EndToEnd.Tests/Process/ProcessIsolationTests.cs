using System.Globalization;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Workers and producers in processes of their own, which can be killed between any two instructions.</summary>
public sealed class ProcessIsolationTests : ProcessTest
{
    private static readonly string[] Isolated =
        ["workers.isolation=process", "producers.isolation=process", "workers.group.lease_ttl=2s", "simulation.duration=6s"];

    [SkippableFact]
    public async Task Run_ParticipantsInProcesses_PassesAndLeavesNothingRunning()
    {
        await using SimulationProcess run = Run([.. Isolated, "workers.per_process=2", "simulation.duration=3s"]);
        await run.SaysAsync("running,");
        Assert.Single(ChildrenOf(run, "worker"));
        Assert.Equal(2, ChildrenOf(run, "producer").Count);

        await run.ExitsAsync(0);

        Assert.Contains("Verdict: passed", run.Output);
        Assert.Empty(ChildrenOf(run));
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>Not asked for by anybody: they are started again, and what they had written down is all there.</summary>
    [SkippableFact]
    public async Task Kill_OneProcessOfEachKind_IsReplacedAndPasses()
    {
        await using SimulationProcess run = Run(Isolated);
        await run.SaysAsync("running,");
        int worker = ChildrenOf(run, "worker")[0];
        int producer = ChildrenOf(run, "producer")[0];
        OperatingSystemProcess.Signal(worker, Signal.Kill);
        OperatingSystemProcess.Signal(producer, Signal.Kill);

        await run.SaysAsync($"process {worker} was ended by signal 9");
        await run.SaysAsync($"process {producer} was ended by signal 9");
        await run.ExitsAsync(0);

        Assert.Contains("Verdict: passed", run.Output);
        Assert.Contains(" 0 unknown,", run.Output);
    }

    /// <summary>Also one that stands still, and could not notice anything.</summary>
    [SkippableFact]
    public async Task Kill_Coordinator_ItsProcessesDieWithIt()
    {
        await using SimulationProcess run = Run([.. Isolated, "simulation.duration=1h"]);
        await run.SaysAsync("running,");
        Assert.Equal(4, ChildrenOf(run).Count);
        OperatingSystemProcess.Signal(ChildrenOf(run, "worker")[0], Signal.Stop);

        run.Signal(Signal.Kill);
        await run.ExitAsync();

        while (ChildrenOf(run).Count > 0)
        {
            await Task.Delay(20);
        }

        await run.LeavesNothingRunningAsync();
    }

    [SkippableFact]
    public async Task Signal_Twice_LeavesNothingRunning()
    {
        await using SimulationProcess run = Run([.. Isolated, "simulation.duration=1h", "workers.processing_delay.min=1m", "workers.processing_delay.max=1m"]);
        await run.SaysAsync("running,");
        run.Signal(Signal.Terminate);
        await run.SaysAsync("Draining");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(75);
        Assert.Empty(ChildrenOf(run));
        await run.LeavesNothingRunningAsync();
    }

    private static IReadOnlyList<int> ChildrenOf(SimulationProcess run, string? mode = null) => OperatingSystemProcess.WithCommandLine(command =>
        command.SkipWhile(argument => argument != "--child-of").Take(2).LastOrDefault() == run.Id.ToString(CultureInfo.InvariantCulture)
        && (mode is null || command.Contains(mode)));
}
