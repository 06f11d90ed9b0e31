using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Simulation.Testing;

namespace Simulation.Kernel.Tests.Tasks;

public sealed class ActorTaskTests
{
    [Theory]
    [InBothWorlds]
    public async Task Await_NestedMethods_ResultAndErrorComeThrough(World world)
    {
        await using TestKit kit = TestKit.In(world);

        string result = kit.Run(async context =>
        {
            int sum = await SumAsync(context, 10);
            try
            {
                await FailAsync(context);
                return "no error";
            }
            catch (FormatException error)
            {
                return $"{sum} {error.Message}";
            }
        });

        Assert.Equal("45 deep", result);
    }

    [Theory]
    [InBothWorlds]
    public async Task Await_PlainTask_ThrowsAtThatLine(World world)
    {
        await using TestKit kit = TestKit.In(world);

        (string message, string trace) = kit.Run(async context =>
        {
            await context.Delay(TimeSpan.Zero);
            try
            {
                await new TaskCompletionSource().Task;
                return ("went on", "");
            }
            catch (ForeignAwaitException error)
            {
                return (error.Message, error.StackTrace!);
            }
        });

        Assert.Contains("TaskAwaiter", message);
        Assert.Contains("Context.Delay", message);
        Assert.Contains(nameof(Await_PlainTask_ThrowsAtThatLine), trace);
    }

    [Theory]
    [InBothWorlds]
    public async Task Await_ForeignThings_AllAreRefused(World world)
    {
        await using TestKit kit = TestKit.In(world);
        List<string> refused = [];

        kit.Run(async context =>
        {
            await Refused(async () => await new TaskCompletionSource<int>().Task);
            await Refused(async () => await new TaskCompletionSource<int>().Task.ConfigureAwait(false));
            await Refused(async () => await new ValueTask(new TaskCompletionSource().Task));
            await Refused(async () => await Task.Yield());

            async ActorTask Refused(Func<ActorTask> body)
            {
                try
                {
                    await body();
                }
                catch (ForeignAwaitException error)
                {
                    refused.Add(error.Message);
                }
            }
        });

        Assert.Equal(4, refused.Count);
    }

    [Theory]
    [InBothWorlds]
    public async Task Await_Twice_IsRefused(World world)
    {
        await using TestKit kit = TestKit.In(world);

        Assert.Throws<InvalidOperationException>(() => kit.Run(async context =>
        {
            ActorTask delay = context.Delay(TimeSpan.FromMilliseconds(1));
            await delay;
            await delay;
        }));
        Assert.Throws<InvalidOperationException>(() => kit.Run(async context =>
        {
            ActorTask<int> sum = SumAsync(context, 2);
            await sum;
            await sum;
        }));
        Assert.Throws<InvalidOperationException>(() => kit.Run(async context =>
        {
            ActorTask<int> sum = SumAsync(context, 2);
            context.Spawn(async () => await sum);
            await sum;
        }));
    }

    [Theory]
    [InBothWorlds]
    public async Task Await_MethodOfAnotherActor_IsRefused(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        ActorTask<int> leaked = default;
        IActorRef first = kit.ActorOf(Scripted.Props(a => a.On<string>(_ =>
        {
            leaked = SumAsync(a.Context, 5);
            a.Sender!.Tell("leaked");
        })));
        probe.Send(first, "leak");
        probe.ExpectMsgEqual("leaked");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => kit.Run(async _ => await leaked));

        Assert.Contains(first.Path, error.Message);
    }

    [Fact]
    public async Task Await_OutsideOfAnyActor_IsRefused()
    {
        Promise<int> promise = Promise<int>.Rent();

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await promise.Task);

        Assert.Contains("RunAsync", error.Message);
    }

    [Theory]
    [InBothWorlds]
    public async Task Await_PlainTaskMethodAwaitsActorTask_GoesOnInTheTurn(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(a =>
        {
            _ = Plain();

            async Task Plain()
            {
                await a.Context.Delay(TimeSpan.FromMilliseconds(1));
                _ = a.Context.Delay(TimeSpan.Zero);     // throws outside of a turn
                probe.Tell("in the turn");
            }
        }));

        probe.ExpectMsgEqual("in the turn");
    }

    [Theory]
    [InBothWorlds]
    public async Task FromResultAndException_AreCompleted(World world)
    {
        await using TestKit kit = TestKit.In(world);

        Assert.Equal(7, kit.Run(async _ => await ActorTask.FromResult(7)));
        Assert.Throws<FormatException>(() => kit.Run(async _ => await ActorTask.FromException(new FormatException())));
        Assert.Throws<FormatException>(() => kit.Run(async _ => await ActorTask.FromException<int>(new FormatException())));
        Assert.True(ActorTask.CompletedTask.IsCompleted);
    }

    [SkippableFact]
    public async Task Await_ManyTimers_AllocatesNothing()
    {
        Skip.If(
            typeof(ActorTaskTests).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true,
            "In a Debug build the compiler makes state machines classes; run with -c Release.");
        await using TestKit kit = TestKit.Virtual();

        long allocated = kit.Run(async context =>
        {
            await SumAsync(context, 10);        // fills the pools
            long before = GC.GetAllocatedBytesForCurrentThread();
            await SumAsync(context, 2_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, allocated);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async ActorTask<int> SumAsync(IActorContext context, int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += await LaterAsync(context, i);
        }

        return sum;
    }

    private static async ActorTask<int> LaterAsync(IActorContext context, int value)
    {
        await context.Delay(TimeSpan.FromMilliseconds(1));
        return value;
    }

    private static async ActorTask FailAsync(IActorContext context)
    {
        await LaterAsync(context, 1);
        throw new FormatException("deep");
    }
}
