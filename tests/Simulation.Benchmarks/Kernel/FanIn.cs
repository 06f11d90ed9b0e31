using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>Many actors tell one, in bursts of a hundred.</summary>
internal static class FanIn
{
    private const int Burst = 100;

    public static Task Start(ActorSystem system, int senders, int messages)
    {
        Finish finish = new(1);
        IActorRef receiver = system.ActorOf(Props.Create(() => new Receiver(messages, finish)), "receiver");
        for (int i = 0; i < senders; i++)
        {
            system.ActorOf(Props.Create(() => new Sender(receiver, messages / senders / Burst)), $"sender-{i}").Tell(new Go());
        }

        return finish.Task;
    }

    private sealed record Go;

    private sealed record Item;

    private sealed class Receiver : ReceiveActor
    {
        public Receiver(int expected, Finish finish) => Receive<Item>(_ =>
        {
            if (--expected == 0)
            {
                finish.Report();
            }
        });
    }

    private sealed class Sender : ReceiveActor
    {
        private readonly Item _item = new();

        public Sender(IActorRef receiver, int bursts) => Receive<Go>(go =>
        {
            for (int i = 0; i < Burst; i++)
            {
                receiver.Tell(_item);
            }

            if (--bursts > 0)
            {
                Self.Tell(go);
            }
        });
    }
}
