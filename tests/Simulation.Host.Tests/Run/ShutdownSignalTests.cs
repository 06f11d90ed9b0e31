using System.Diagnostics;
using Simulation.Host.Run;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Run;

/// <summary>A signal is for the whole process, and would drain the runs of other tests, too.</summary>
[CollectionDefinition(nameof(ShutdownSignalTests), DisableParallelization = true)]
[Collection(nameof(ShutdownSignalTests))]
public sealed class ShutdownSignalTests
{
    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Listen_SignalOfTheSystem_AsksForTheDrain(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no kill on Windows");
        if (signal == "INT")
        {
            IgnoredSignals.RequireInterrupt();
        }

        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var shutdown = new Shutdown(_ => { });
        using CancellationTokenRegistration registration = shutdown.Drain.Register(() => drained.TrySetResult());

        using Process kill = Process.Start("kill", ["-s", signal, Environment.ProcessId.ToString()]);
        await kill.WaitForExitAsync();
        await drained.Task;

        Assert.False(shutdown.WasAskedToStop);
    }
}
