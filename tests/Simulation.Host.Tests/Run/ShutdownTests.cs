using System.Diagnostics;
using Simulation.Host.Run;

namespace Simulation.Host.Tests.Run;

public sealed class ShutdownTests
{
    [Fact]
    public void Signal_First_AsksForTheDrainOnly()
    {
        var said = new List<string>();
        using var shutdown = new Shutdown(said.Add, listen: false);

        Assert.True(shutdown.Signal());

        Assert.True(shutdown.WasAskedToDrain);
        Assert.False(shutdown.WasAskedToStop);
        Assert.Single(said);
    }

    [Fact]
    public void Signal_Second_StopsAndThirdLetsGo()
    {
        using var shutdown = new Shutdown(_ => { }, listen: false);

        Assert.True(shutdown.Signal());
        Assert.True(shutdown.Signal());

        Assert.True(shutdown.WasAskedToStop);
        Assert.False(shutdown.Signal());
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Listen_SignalOfTheSystem_AsksForTheDrain(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no kill on Windows");
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var shutdown = new Shutdown(_ => { });
        using CancellationTokenRegistration registration = shutdown.Drain.Register(() => drained.TrySetResult());

        using Process kill = Process.Start("kill", ["-s", signal, Environment.ProcessId.ToString()]);
        await kill.WaitForExitAsync();
        await drained.Task;

        Assert.False(shutdown.WasAskedToStop);
    }
}
