using Simulation.Testing;

namespace Simulation.Kernel.Tests.Worlds;

/// <summary>What leaves a virtual world is noticed by that world, and by no other.</summary>
public sealed class ForeignWorkTests
{
    [Fact]
    public void TaskRun_InTheLoop_IsNoticed() => AssertNoticed(done => _ = Task.Run(done.Set));

    [Fact]
    public void ThreadPool_InTheLoop_IsNoticed() => AssertNoticed(done => ThreadPool.QueueUserWorkItem(_ => done.Set()));

    [Fact]
    public void NewThread_InTheLoop_IsNoticed() => AssertNoticed(done => new Thread(done.Set).Start());

    [Fact]
    public void RealTimer_InTheLoop_IsNoticed()
    {
        Timer? timer = null;
        AssertNoticed(done => timer = new Timer(_ => done.Set(), null, 0, Timeout.Infinite));
        timer!.Dispose();
    }

    [Fact]
    public void AwaitThatDoesNotComeBack_InTheLoop_IsNoticed() => AssertNoticed(done =>
    {
        _ = WaitAsync();

        async Task WaitAsync()
        {
            await Task.Delay(1).ConfigureAwait(false);
            done.Set();
        }
    });

    [Fact]
    public void PlatformWork_BesideTheLoop_IsNotTheWorlds()
    {
        TestKit kit = TestKit.Virtual();
        using ManualResetEventSlim done = new();
        kit.Run(_ => ActorTask.CompletedTask);
        Task.Run(done.Set);
        done.Wait();

        kit.Advance(TimeSpan.FromSeconds(1));
        kit.VirtualWorld!.ThrowIfAnythingEscaped();
    }

    [Fact]
    public void RequireNoneSince_MoreThanBefore_Throws()
    {
        PlatformUse now = PlatformUse.Now;

        Assert.Throws<ForeignWorkException>(() => PlatformUse.RequireNoneSince(now with { WorkItems = now.WorkItems - 1 }));
        Assert.Throws<ForeignWorkException>(() => PlatformUse.RequireNoneSince(now with { WorkItems = PlatformUse.Now.WorkItems, Timers = -1 }));
    }

    private static void AssertNoticed(Action<ManualResetEventSlim> leave)
    {
        TestKit kit = TestKit.Virtual();
        TestKit innocent = TestKit.Virtual();
        using ManualResetEventSlim done = new();
        kit.ActorOf(Scripted.Props(a => a.On<string>(_ => leave(done)))).Tell("go");
        kit.VirtualWorld!.RunUntil(() => kit.VirtualWorld.Steps >= 3, TimeSpan.FromSeconds(1));
        Assert.True(done.Wait(TestKit.DefaultPatience));

        Assert.Throws<ForeignWorkException>(() => kit.Advance(TimeSpan.FromSeconds(1)));
        Assert.Throws<ForeignWorkException>(kit.VirtualWorld.ThrowIfAnythingEscaped);
        innocent.Advance(TimeSpan.FromSeconds(1));
        innocent.VirtualWorld!.ThrowIfAnythingEscaped();
    }
}
