using System.Diagnostics;
using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.Nats.Proxy;

namespace Simulation.Benchmarks.Client;

/// <summary>
/// Pipelined publish, and pull with acknowledgement, of this client, this client through an idle fault proxy, the C client and the Node client in
/// turns against one server. All of
/// a round meet the same machine, so the ratios of a round mean more than its figures; the median of the rounds is what counts.
/// </summary>
internal static class ClientBenchmark
{
    private const int Rounds = 5;
    private const int Messages = 200_000;
    private const int WarmUp = 50_000;
    private const int PayloadBytes = 128;
    private const int Window = 256;
    private const string Stream = "BENCH";
    private const string Durable = "bench";

    public static async Task<int> RunAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("simulation-benchmark-");
        try
        {
            NatsServerBinary binary = await new NatsServerLocator().LocateAsync(RequestedVersion.Parse("2.15"), new Progress<string>());
            await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(
                new EmbeddedNatsServerOptions { Binary = binary, Folder = Path.Combine(folder.FullName, "server") });
            await using ActorSystem system = ActorSystem.Create("benchmark", Dispatchers.Real(), seed: 1);
            await using var network = new FaultNetwork();
            var options = new NatsOptions { Url = server.Url, PublishTimeout = TimeSpan.FromSeconds(60) };
            using var connector = new NatsConnector(options, system);
            using var detouring = new NatsConnector(options with { Detour = network.Detour }, system);
            await system.RunAsync(async context =>
            {
                IJetStreamConnection connection = await connector.ConnectAsync("benchmark");
                IJetStreamConnection proxied = await detouring.ConnectAsync("proxied");
                Console.WriteLine($"server {connection.Server.Version}, {Messages} messages of {PayloadBytes} bytes, file storage, window {Window}, {Rounds} rounds");
                PeerClient?[] peers = [NatsC.Build(folder.FullName), NatsNode.Install(folder.FullName)];
                await MeasureAsync(connection, proxied, [.. peers.OfType<PeerClient>()], server.Url);
                await connection.CloseAsync();
                await proxied.CloseAsync();
            });
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async ActorTask MeasureAsync(IJetStreamConnection connection, IJetStreamConnection proxied, PeerClient[] peers, string url)
    {
        var publish = new List<Round>();
        var pull = new List<Round>();
        await ResetAsync(connection);
        await PublishAsync(connection, WarmUp);
        await PullAsync(connection, WarmUp);
        for (int round = 0; round < Rounds; round++)
        {
            var theirPublish = new double[peers.Length];
            var theirPull = new double[peers.Length];
            for (int peer = 0; peer < peers.Length; peer++)
            {
                await ResetAsync(connection);
                theirPublish[peer] = peers[peer].Run(url, "publish", Stream, "bench.peer", Messages, PayloadBytes, Window);
                theirPull[peer] = peers[peer].Run(url, "pull", Stream, Durable, Messages, PayloadBytes, Window);
            }

            await ResetAsync(connection);
            Round publishProxied = await TimedAsync([], () => PublishAsync(proxied, Messages));
            Round pullProxied = await TimedAsync([], () => PullAsync(proxied, Messages));
            await ResetAsync(connection);
            publish.Add(await TimedAsync([.. theirPublish, publishProxied.Ours], () => PublishAsync(connection, Messages)));
            pull.Add(await TimedAsync([.. theirPull, pullProxied.Ours], () => PullAsync(connection, Messages)));
        }

        string[] others = [.. peers.Select(peer => peer.Name), "through a fault proxy"];
        Print("publish", publish, others);
        Print("pull and ack", pull, others);
    }

    private static async ActorTask ResetAsync(IJetStreamConnection connection)
    {
        await connection.DeleteStreamAsync(Stream);
        await connection.CreateStreamAsync(new StreamConfig { Name = Stream, Subjects = ["bench.>"] });
        await connection.CreateConsumerAsync(Stream, new ConsumerConfig { Name = Durable, MaxAckPending = 65536 });
    }

    private static async ActorTask<Round> TimedAsync(double[] theirs, Func<ActorTask> work)
    {
        GC.Collect();
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        long begin = Stopwatch.GetTimestamp();
        await work();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new Round(seconds, theirs, (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / (double)Messages);
    }

    private static async ActorTask PublishAsync(IJetStreamConnection connection, int count)
    {
        byte[] payload = new byte[PayloadBytes];
        var inFlight = new ActorTask<PublishOutcome>[Window];
        for (int i = 0; i < count + Window; i++)
        {
            int slot = i % Window;
            if (i >= Window && i - Window < count && !(await inFlight[slot]).IsAcknowledged)
            {
                throw new InvalidOperationException("a publish was not acknowledged");
            }

            if (i < count)
            {
                inFlight[slot] = connection.PublishAsync(new PublishMessage { Subject = "bench.a"u8, Payload = payload });
            }
        }
    }

    private static async ActorTask PullAsync(IJetStreamConnection connection, int count)
    {
        IPullSubscription pull = connection.Subscribe(Stream, Durable, new PullOptions { Outstanding = Window });
        for (int got = 0; got < count; got++)
        {
            if (!pull.TryNext(out PullItem item))
            {
                item = await pull.NextAsync();
            }

            using Delivery delivery = item.Delivery ?? throw new InvalidOperationException($"the pull ended: {item.End} {item.Text}");
            delivery.Ack();
        }

        await pull.StopAsync();
    }

    private static void Print(string what, List<Round> rounds, string[] others)
    {
        double ours = Median(rounds.Select(round => Messages / round.Ours));
        double allocated = Median(rounds.Select(round => round.AllocatedBytes));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-13} {ours,8:N0}/s, {allocated:0.0} bytes allocated a message"));
        for (int peer = 0; peer < others.Length; peer++)
        {
            double theirs = Median(rounds.Select(round => Messages / round.Theirs[peer]));
            double ratio = Median(rounds.Select(round => round.Theirs[peer] / round.Ours));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {others[peer],-22} {theirs,8:N0}/s; ratio {ratio:0.00}"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed record Round(double Ours, double[] Theirs, double AllocatedBytes);
}
