using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>Pairs of actors, each with one ball between them.</summary>
internal static class PingPong
{
    public static Task Start(ActorSystem system, int pairs, int messages) => Start(system, pairs, messages, new Ball());

    /// <summary>With a ball that has something written on it, which the trace of the virtual world reads each time.</summary>
    public static Task StartWithContent(ActorSystem system, int pairs, int messages) =>
        Start(system, pairs, messages, new Letter(42, "simulation.partition.17", TimeSpan.FromSeconds(1), system.DeadLetters));

    private static Task Start<TBall>(ActorSystem system, int pairs, int messages, TBall first)
        where TBall : class
    {
        Finish finish = new(pairs);
        for (int i = 0; i < pairs; i++)
        {
            int hits = messages / pairs / 2;
            IActorRef other = system.ActorOf(Props.Create(() => new Player<TBall>(hits, null)), $"pong-{i}");
            system.ActorOf(Props.Create(() => new Player<TBall>(hits, finish)), $"ping-{i}").Tell(first, other);
        }

        return finish.Task;
    }

    private sealed record Ball;

    private sealed record Letter(int Number, string Subject, TimeSpan At, IActorRef From);

    private sealed class Player<TBall> : ReceiveActor
        where TBall : class
    {
        public Player(int hits, Finish? finish)
        {
            Receive<TBall>(ball =>
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
