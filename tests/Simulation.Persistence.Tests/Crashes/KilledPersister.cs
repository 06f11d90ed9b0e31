using Simulation.Kernel;
using Simulation.Persistence.Tests.Actors;

namespace Simulation.Persistence.Tests.Crashes;

/// <summary>A process that persists one event after another and says which are confirmed, until it is killed.</summary>
internal static class KilledPersister
{
    private const int EventsASnapshot = 20;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["persist-until-killed", string location])
        {
            return 64;
        }

        await using SqlStore store = SqlStore.At(location);
        await using ActorSystem system = ActorSystem.Create("killed", Dispatchers.Real(), seed: 1);
        IActorRef counter = system.ActorOf(Counter.Props(Counter.Services(store)), "counter");
        while (true)
        {
            Answer answer = await system.AskAsync<Answer>(counter, new Add(1), TimeSpan.FromMinutes(1));
            Console.WriteLine(answer.LastSequence);
            if (answer.LastSequence % EventsASnapshot == 0)
            {
                counter.Tell(new TakeSnapshot());
                counter.Tell(new DeleteEventsTo(Math.Max(0, answer.LastSequence - (Counter.Services(store).Keep * EventsASnapshot))));
            }
        }
    }
}
