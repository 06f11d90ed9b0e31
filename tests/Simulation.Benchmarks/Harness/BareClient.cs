using Simulation.Actors;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;

namespace Simulation.Benchmarks.Harness;

/// <summary>The publishes, pulls and acknowledgements of a run and nothing else: no history, no schedule, no group, no checks.</summary>
internal static class BareClient
{
    public static async Task<Measurement> MeasureAsync(EmbeddedNatsServer server, TimeSpan duration)
    {
        RunOptions run = FullRate.Run(duration);
        await using ActorSystem system = ActorSystem.Create("benchmark", Dispatchers.Real(), run.Seed);
        using var connector = new NatsConnector(new NatsOptions { Url = server.Url, PublishTimeout = run.Publishing.Timeout }, system);
        await system.RunAsync(async context =>
        {
            IJetStreamConnection connection = await connector.ConnectAsync("setup");
            var setup = new RunSetup(connection, run, FullRate.Topology);
            await setup.CreateAsync(context, allAreDead: false);
            await setup.CreateConsumersAsync(context, FullRate.Topology.Layout.Units);
            await connection.CloseAsync();
        });

        var tally = new BareTally(FullRate.Producers, FullRate.Workers);
        for (int number = 0; number < FullRate.Workers; number++)
        {
            system.ActorOf(BareConsumer.Props(number, run, connector, tally), $"consumer-{number}");
        }

        for (int number = 0; number < FullRate.Producers; number++)
        {
            system.ActorOf(BarePublisher.Props(number, run, connector, tally), $"publisher-{number}");
        }

        await tally.Ready;
        Meter begin = Meter.Read(server.ProcessId);
        tally.Start();
        await Task.Delay(duration);
        tally.StopSending();
        Meter sending = Meter.Read(server.ProcessId) - begin;
        long acknowledged = tally.Consumed;
        while (!tally.IsFinished)
        {
            await Task.Delay(5);
        }

        return new Measurement(acknowledged, tally.Consumed, sending, Meter.Read(server.ProcessId).Wall - begin.Wall);
    }
}
