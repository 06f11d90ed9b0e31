using Simulation.Actors;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Benchmarks.Harness;

/// <summary>Pulls a share of the run's consumers over one connection, and acknowledges what comes.</summary>
internal sealed class BareConsumer(int number, RunOptions run, IJetStreamConnector connector, BareTally tally) : ReceiveActor
{
    private IJetStreamConnection? _connection;

    public static Props Props(int number, RunOptions run, IJetStreamConnector connector, BareTally tally) =>
        Simulation.Kernel.Props.Create(() => new BareConsumer(number, run, connector, tally));

    protected override void PreStart() => Context.Spawn(PullAsync);

    protected override void PostStop() => _connection?.Abort();

    private async ActorTask PullAsync()
    {
        _connection = await connector.ConnectAsync(Self.Name);
        foreach (int unit in FullRate.Share(number, FullRate.Workers, FullRate.Topology.Layout.Units.Length))
        {
            IPullSubscription pull = _connection.Subscribe(
                FullRate.Topology.Stream,
                FullRate.Topology.Layout.ConsumerName(unit, default),
                new PullOptions { Outstanding = run.Consuming.Outstanding, Expires = run.Consuming.PullExpires });
            Context.Spawn(() => AcknowledgeAsync(pull));
        }

        tally.IsReady();
    }

    private async ActorTask AcknowledgeAsync(IPullSubscription pull)
    {
        while (true)
        {
            if (!pull.TryNext(out PullItem item))
            {
                item = await pull.NextAsync();
            }

            using Delivery delivery = item.Delivery ?? throw new InvalidOperationException($"the pull ended: {item.End} {item.Text}");
            delivery.Ack();
            tally.Consume(number);
        }
    }
}
