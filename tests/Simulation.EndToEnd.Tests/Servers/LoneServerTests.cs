using System.Text;
using Simulation.Actors;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Servers;

/// <summary>A lone server is killed with SIGKILL and comes back with its store: nothing acknowledged is lost, and nobody is blamed.</summary>
public sealed class LoneServerTests
{
    private const int DoubleAcks = 200;

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task Run_ServerKilledWhilePublishing_Passes(string version)
    {
        await using RunRig rig = await RunRig.StartAsync(version: version, proxied: false);

        foreach (long sent in (long[])[100, 200, 300])
        {
            await rig.UntilSentAsync(sent);
            await rig.Server.KillAsync();
            await rig.Server.RestartAsync();
        }

        await rig.UntilSentAsync(400);
        Verdict verdict = (await rig.FinishAsync()).Verdict;
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(4, rig.Server.Incarnation);
        Assert.Equal(new RawHistory(rig.History).Acknowledged, verdict.Sent);
        Assert.True(verdict.Received >= verdict.Sent, verdict.Summary);
    }

    [SkippableFact]
    public async Task DoubleAcks_FollowedAtOnceByAKill_AreRedeliveredAndNothingIsLost()
    {
        using var folder = new TestFolder();
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(
            new EmbeddedNatsServerOptions { Binary = await TestServerVersions.LocateAsync(TestServerVersions.V215), Folder = folder.Path });
        var history = new MemoryHistoryStore("run");

        Task kill = Task.CompletedTask;
        await ConnectedActor.RunAsync(server.Url, async (context, connection) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });
            await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = "C", AckWait = TimeSpan.FromSeconds(2), MaxAckPending = DoubleAcks });
            using HistoryWriter producer = history.Create("producer", ParticipantKind.Producer);
            using HistoryWriter worker = history.Create("worker", ParticipantKind.Worker);
            await PublishAsync(context, connection, producer);
            await ConsumeAsync(context, connection, worker, atMost: DoubleAcks);
            kill = server.KillAsync();
        });
        await kill;
        await server.RestartAsync();
        await ConnectedActor.RunAsync(server.Url, async (context, connection) =>
        {
            using HistoryWriter worker = history.Create("successor", ParticipantKind.Worker);
            await ConsumeAsync(context, connection, worker, atMost: int.MaxValue);
            await ReadAsync(context, connection, worker);
        });

        Verdict verdict = Checker.Check(history);
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal((DoubleAcks, DoubleAcks), (verdict.Sent, verdict.Received));
        long again = verdict.Deliveries - DoubleAcks;
        Assert.InRange(again, 1, DoubleAcks);
        Assert.Equal(again, verdict.Count(VerdictClass.ProcessedTwice));

        // What the server had not written down of its deliveries either comes again as if for the first time.
        Assert.InRange(verdict.Redelivered, 0, again);
    }

    private static async ActorTask PublishAsync(IActorContext context, IJetStreamConnection connection, HistoryWriter log)
    {
        for (int number = 1; number <= DoubleAcks; number++)
        {
            var message = new MessageId(0, number);
            log.Intent(context.Now, message, number, context.Now, attempt: 1, payloadSize: 0, payloadDigest: 0);
            PublishOutcome outcome = await connection.PublishAsync(new PublishMessage { Subject = "s"u8, Payload = Encoding.ASCII.GetBytes($"{number}") });
            log.Acknowledged(context.Now, message, outcome.Sequence, outcome.Duplicate);
        }
    }

    /// <summary>Until so many came, or none comes any more.</summary>
    private static async ActorTask ConsumeAsync(IActorContext context, IJetStreamConnection connection, HistoryWriter log, int atMost)
    {
        IPullSubscription pull = connection.Subscribe("S", "C", new PullOptions { Outstanding = DoubleAcks });
        var confirmations = new List<(Delivery Delivery, ActorTask<AckOutcome> Outcome)>();
        int settled = 0;
        while (settled < atMost && await connection.GetConsumerAsync("S", "C") is not { Pending: 0, AckPending: 0 })
        {
            while (settled + confirmations.Count < atMost && pull.TryNext(out PullItem item) && item.Delivery is { } delivery)
            {
                MessageId message = IdOf(delivery.Payload);
                log.Delivered(context.Now, message, delivery.StreamSequence, delivery.ConsumerSequence, delivery.DeliveryCount, context.Now);
                log.Processed(context.Now, message, delivery.StreamSequence, delivery.DeliveryCount);
                confirmations.Add((delivery, delivery.AckConfirmedAsync()));
            }

            foreach ((Delivery delivery, ActorTask<AckOutcome> outcome) in confirmations)
            {
                Assert.Equal(AckOutcome.Confirmed, await outcome);
                log.AckConfirmed(context.Now, IdOf(delivery.Payload), delivery.StreamSequence);
                delivery.Dispose();
                settled++;
            }

            confirmations.Clear();
        }

        if (atMost == int.MaxValue)
        {
            await pull.StopAsync();
        }
    }

    private static async ActorTask ReadAsync(IActorContext context, IJetStreamConnection connection, HistoryWriter log)
    {
        IStreamReader reader = connection.ReadStream("S", new StreamReadOptions());
        int count = 0;
        ulong last = 0;
        while (await reader.NextAsync() is { } stored)
        {
            log.Stored(context.Now, IdOf(stored.Payload.Span), stored.Sequence);
            last = stored.Sequence;
            count++;
        }

        log.DrainFinished(context.Now);
        log.FinalReadCompleted(context.Now, 1, last, count);
    }

    private static MessageId IdOf(ReadOnlySpan<byte> payload) => new(0, int.Parse(payload));
}
