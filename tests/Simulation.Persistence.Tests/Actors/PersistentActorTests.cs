using Simulation.Kernel;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Actors;

public sealed class PersistentActorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Persist_ActorComesBack_StateIsThere()
    {
        await using (SqlStore store = SqlStore.At(_folder.Database))
        await using (TestKit kit = TestKit.Real())
        {
            IActorRef counter = kit.ActorOf(Counter.Props(Counter.Services(store)));
            Assert.Equal(3, (await kit.System.AskAsync<Answer>(counter, new Add(3), TestKit.DefaultPatience)).Total);
            Assert.Equal(new Answer(7, 2, "completed"), await kit.System.AskAsync<Answer>(counter, new Add(4), TestKit.DefaultPatience));
        }

        await using (SqlStore store = SqlStore.At(_folder.Database))
        await using (TestKit kit = TestKit.Real())
        {
            IActorRef counter = kit.ActorOf(Counter.Props(Counter.Services(store)));
            Assert.Equal(new Answer(7, 2, "event 3, event 4, completed"), await kit.System.AskAsync<Answer>(counter, new Get(), TestKit.DefaultPatience));
        }
    }

    public void Dispose() => _folder.Dispose();
}
