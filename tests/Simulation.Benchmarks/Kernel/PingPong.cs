using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>Pairs of actors, each with one ball between them.</summary>
internal static class PingPong
{
    public static Task Start(ActorSystem system, int pairs, int messages)
    {
        Finish finish = new(pairs);
        for (int i = 0; i < pairs; i++)
        {
            int hits = messages / pairs / 2;
            IActorRef other = system.ActorOf(Props.Create(() => new Player(hits, null)), $"pong-{i}");
            system.ActorOf(Props.Create(() => new Player(hits, finish)), $"ping-{i}").Tell(new Ball(), other);
        }

        return finish.Task;
    }

    private sealed record Ball;

    private sealed class Player : ReceiveActor
    {
        public Player(int hits, Finish? finish)
        {
            Receive<Ball>(ball =>
            {
                if (hits-- > 0)
                {
                    Sender!.Tell(ball, Self);
                }
                else
                {
                    finish?.Report();
                }
            });
        }
    }
}
