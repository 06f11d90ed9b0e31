using Simulation.Kernel;
using Simulation.Persistence.Tests.Actors;
using Simulation.Testing;
using Simulation.TestServers.Postgres;

namespace Simulation.Persistence.Tests.Crashes;

/// <summary>The PostgreSQL server dies while an actor persists.</summary>
public sealed class ServerKillTests
{
    [SkippableFact]
    public async Task Persist_ServerDiesAndComesBack_EveryEventIsThereOnce()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using SqlStore store = SqlStore.At(server.UrlOf("postgres"));
        await using TestKit kit = TestKit.Real();
        IActorRef counter = kit.ActorOf(Counter.Props(Counter.Services(store) with { Patience = TimeSpan.FromMinutes(2) }));
        for (int life = 1; life <= 2; life++)
        {
            Assert.Equal((life * 10) - 9, (await kit.System.AskAsync<Answer>(counter, new Add(1), TestKit.DefaultPatience)).LastSequence);
            Task<Answer>[] commands = [.. Enumerable.Range(0, 9).Select(_ => kit.System.AskAsync<Answer>(counter, new Add(1), TimeSpan.FromMinutes(2)))];
            await server.KillAsync();
            await server.StartAgainAsync();
            Answer[] answers = await Task.WhenAll(commands);
            Assert.Equal(Enumerable.Range((life * 10) - 8, 9).Select(number => (long)number), answers.Select(answer => answer.LastSequence));
        }

        IActorRef again = kit.ActorOf(Counter.Props(Counter.Services(store)));
        Answer end = await kit.System.AskAsync<Answer>(again, new Get(), TestKit.DefaultPatience);
        Assert.Equal((20, 20L), (end.Total, end.LastSequence));
    }

    [SkippableFact]
    public async Task Persist_ServerIsDown_SaysSoAndStops()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using SqlStore store = SqlStore.At(server.UrlOf("postgres"));
        await using TestKit kit = TestKit.Real();
        TestProbe probe = kit.CreateTestProbe();
        IActorRef counter = kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        await kit.System.AskAsync<Answer>(counter, new Add(1), TestKit.DefaultPatience);
        await server.KillAsync();
        probe.Watch(counter);
        counter.Tell(new Add(1));

        Assert.Equal("not persisted 2: Unavailable", probe.ExpectMsg<string>());
        probe.ExpectTerminated(counter);
    }
}
