namespace Simulation.Kernel.Tests;

public sealed class SmokeTests
{
    private sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            Receive<string>(text => Sender!.Tell(text + "!"));
            ReceiveAsync<int>(async n =>
            {
                await Context.Delay(TimeSpan.FromMilliseconds(n));
                Sender!.Tell(n + 1);
            });
        }
    }

    [Fact]
    public async Task AskAsync_Echo_Answers()
    {
        await using ActorSystem system = ActorSystem.Create("test", Dispatchers.Real(), 1);
        IActorRef echo = system.ActorOf(Props.Create(() => new Echo()), "echo");
        Assert.Equal("hi!", await system.AskAsync<string>(echo, "hi", TimeSpan.FromSeconds(10)));
        Assert.Equal(6, await system.AskAsync<int>(echo, 5, TimeSpan.FromSeconds(10)));
        int sum = await system.RunAsync(async context =>
        {
            int total = 0;
            for (int i = 0; i < 10; i++)
            {
                total += await context.Ask<int>(echo, i, TimeSpan.FromSeconds(10));
            }

            return total;
        });
        Assert.Equal(55, sum);
        await Assert.ThrowsAsync<ForeignAwaitException>(() => system.RunAsync(async _ => await Task.Delay(10)));
    }
}
