using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>One actor that spawns a short loop for every question, so many of them at once.</summary>
internal static class PromiseSpawns
{
    public static Task Start(ActorSystem system, int window, int questions)
    {
        Finish finish = new(questions);
        AnsweringThread answering = new();
        system.ActorOf(Props.Create(() => new Spawner(window, questions, answering, finish)), "spawner");
        return finish.Task.ContinueWith(_ => answering.Stop(), TaskScheduler.Default);
    }

    private sealed class Spawner : ReceiveActor
    {
        private readonly AnsweringThread _answering;
        private readonly Finish _finish;
        private readonly Func<ActorTask> _question;
        private int _left;

        public Spawner(int window, int questions, AnsweringThread answering, Finish finish)
        {
            _answering = answering;
            _finish = finish;
            _left = questions;
            _question = AskOnceAsync;
            for (int i = 0; i < window; i++)
            {
                SpawnNext();
            }
        }

        private void SpawnNext()
        {
            if (_left-- > 0)
            {
                Context.Spawn(_question);
            }
        }

        private async ActorTask AskOnceAsync()
        {
            await _answering.Ask();
            _finish.Report();
            SpawnNext();
        }
    }
}
