using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>One actor whose many loops ask another thread and await its answer: publish pipelining without a socket.</summary>
internal static class PromiseRounds
{
    public static Task Start(ActorSystem system, int loops, int awaits)
    {
        Finish finish = new(loops);
        AnsweringThread answering = new();
        system.ActorOf(Props.Create(() => new Asker(loops, awaits / loops, answering, finish)), "asker");
        return finish.Task.ContinueWith(_ => answering.Stop(), TaskScheduler.Default);
    }

    private sealed class Asker(int loops, int awaits, AnsweringThread answering, Finish finish) : ReceiveActor
    {
        protected override void PreStart()
        {
            for (int i = 0; i < loops; i++)
            {
                Context.Spawn(LoopAsync);
            }
        }

        private async ActorTask LoopAsync()
        {
            for (int i = 0; i < awaits; i++)
            {
                await answering.Ask();
            }

            finish.Report();
        }
    }
}
