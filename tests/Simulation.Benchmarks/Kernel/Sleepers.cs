using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>Actors with a loop that awaits a timer again and again.</summary>
internal static class Sleepers
{
    public static Task Start(ActorSystem system, int loops, int awaits, bool nested)
    {
        Finish finish = new(loops);
        for (int i = 0; i < loops; i++)
        {
            TimeSpan delay = TimeSpan.FromMilliseconds(1) + TimeSpan.FromTicks(7 * i);
            system.ActorOf(Props.Create(() => new Sleeper(awaits / loops, delay, nested, finish)), $"sleeper-{i}");
        }

        return finish.Task;
    }

    private sealed class Sleeper(int awaits, TimeSpan delay, bool nested, Finish finish) : ReceiveActor
    {
        protected override void PreStart() => Context.Spawn(LoopAsync);

        private async ActorTask LoopAsync()
        {
            for (int i = 0; i < awaits; i++)
            {
                if (nested)
                {
                    await OuterAsync();
                }
                else
                {
                    await Context.Delay(delay);
                }
            }

            finish.Report();
        }

        private async ActorTask OuterAsync() => await InnerAsync();

        private async ActorTask<int> InnerAsync()
        {
            await Context.Delay(delay);
            return 1;
        }
    }
}
