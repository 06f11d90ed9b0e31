using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.Nats.Proxy;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Proxy;

/// <summary>Participants and servers behind proxies: a fault meets the one that it is meant for.</summary>
public sealed class FaultNetworkTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly ActorSystem _system = ActorSystem.Create("test", Dispatchers.Real(), seed: 1);
    private readonly FaultNetwork _network = new();
    private NatsConnector? _connector;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _connector?.Dispose();
        await _system.DisposeAsync();
        await _network.DisposeAsync();
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task Disconnect_OneParticipant_TheOtherStaysConnected()
    {
        await using EmbeddedNatsCluster server = await StartAsync(1);
        _connector = ConnectorTo(server);

        await _system.RunAsync(async _ =>
        {
            (IJetStreamConnection struck, IJetStreamConnection spared) = await ConnectBothAsync(_connector);

            LinkFault fault = _network.LinksOf("struck").Begin(new LinkConditions { Refuse = true });
            PublishOutcome while1 = await struck.PublishAsync(Message());
            PublishOutcome while2 = await spared.PublishAsync(Message());
            LinkCounts since = fault.Since;
            fault.Dispose();
            await struck.WhenConnectedAsync();
            PublishOutcome after = await struck.PublishAsync(Message());

            Assert.Equal((PublishResult.Unknown, true, true), (while1.Result, while2.IsAcknowledged, after.IsAcknowledged));
            Assert.Equal(1, since.Reset);
        });

        Assert.Equal("spared, struck", string.Join(", ", _network.Participants));
    }

    [SkippableFact]
    public async Task HalfOpen_PublishEndsUnknownAndTheConnectionComesBack()
    {
        await using EmbeddedNatsCluster server = await StartAsync(1);
        _connector = ConnectorTo(server);

        await _system.RunAsync(async _ =>
        {
            IJetStreamConnection connection = await _connector.ConnectAsync("struck");
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });

            LinkFault fault = _network.LinksOf("struck").Begin(new LinkConditions { Swallow = true });
            PublishOutcome swallowed;
            do
            {
                swallowed = await connection.PublishAsync(Message()); // A busy machine may give up on one before its bytes get as far as the proxy.
            }
            while (fault.Since.Swallowed == 0);
            fault.Dispose();
            PublishOutcome after;
            do
            {
                await connection.WhenConnectedAsync();
                after = await connection.PublishAsync(Message());
            }
            while (!after.IsAcknowledged);

            Assert.Equal(UnknownReason.Timeout, swallowed.Reason);
            Assert.Equal(1ul, after.Sequence);
        });
    }

    /// <summary>Nobody acknowledges what a read gets: what vanishes on its way is read again, although nothing comes after it.</summary>
    [SkippableFact]
    public async Task HalfOpen_ReadThatFollows_GetsWhatVanished()
    {
        await using EmbeddedNatsCluster server = await StartAsync(1);
        _connector = ConnectorTo(server);

        await _system.RunAsync(async context =>
        {
            (IJetStreamConnection struck, IJetStreamConnection spared) = await ConnectBothAsync(_connector);
            IStreamReader reader = struck.ReadStream("S", new StreamReadOptions { Follow = true });
            await spared.PublishAsync(Message());
            ulong first = (await reader.NextAsync())!.Sequence;
            ActorTask<StoredMessage?> next = reader.NextAsync();
            await context.Delay(TimeSpan.FromSeconds(1)); // Until it is asked for at the server.

            LinkFault fault = _network.LinksOf("struck").Begin(new LinkConditions { Swallow = true });
            await spared.PublishAsync(Message());
            while (fault.Since.Swallowed == 0)
            {
                await context.Delay(TimeSpan.FromMilliseconds(20));
            }

            fault.Dispose();
            ulong second = (await next)!.Sequence;
            reader.Stop();

            Assert.Equal((1ul, 2ul), (first, second));
        }).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task ServerIsPartitioned_TheOthersGoOnAndItCatchesUp(string version)
    {
        await using EmbeddedNatsCluster cluster = await StartAsync(3, version, routeFaults: true);
        EmbeddedNatsServer alone = cluster.Servers[2];
        await AskAsync(cluster.Servers[0], "$JS.API.STREAM.CREATE.S", """{"name":"S","subjects":["s"],"storage":"file","num_replicas":3}""");

        LinkFault fault = cluster.RoutesOf(alone)!.Begin(new LinkConditions { Hold = true });
        JsonElement? stored;
        do
        {
            // Its leader may be the one that is cut off: then another one must be elected first.
            stored = await cluster.Servers[0].RequestAsync("s", "one", CancellationToken.None);
        }
        while (stored is not { } answer || answer.IsError());

        JsonElement? refused = await alone.RequestAsync("s", "two", CancellationToken.None);
        await UntilAsync(() => fault.Since.Held > 0);
        fault.Dispose();
        while (await alone.RequestAsync("s", "three", CancellationToken.None) is not { } healed || healed.IsError())
        {
        }

        Assert.True(refused is null || refused.Value.IsError(), $"{refused}");
    }

    /// <summary>Of a run that replaces its workers again and again, no port may stay behind for each.</summary>
    [Fact]
    public async Task Leave_PortsAreGivenBackAndWhatWasCountedStays()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var where = new DnsEndPoint("127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port);
        LinkFault fault = _network.LinksOf("gone").Begin(new LinkConditions { Latency = TimeSpan.FromMilliseconds(1) });
        DnsEndPoint old = _network.Detour("gone", where);
        using (var client = new TcpClient(old.Host, old.Port))
        {
            using TcpClient there = await server.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("hello"u8.ToArray());
            Assert.Equal((byte)'h', there.GetStream().ReadByte());
        }

        _network.Leave("gone");
        await UntilAsync(() => _network.LinksOf("gone").Open == 0);
        await Assert.ThrowsAnyAsync<SocketException>(() => new TcpClient().ConnectAsync(old.Host, old.Port));
        DnsEndPoint next = _network.Detour("gone", where);
        using var successor = new TcpClient(next.Host, next.Port);
        await UntilAsync(() => fault.Since.Opened == 2);

        Assert.NotEqual(old.Port, next.Port);
        Assert.Equal(5, fault.Since.Delayed);
    }

    private NatsConnector ConnectorTo(EmbeddedNatsCluster servers) =>
        new(new NatsOptions { Url = servers.Url, Detour = _network.Detour, PublishTimeout = TimeSpan.FromMilliseconds(500) }, _system);

    /// <summary>Two participants, and a stream for both.</summary>
    private static async ActorTask<(IJetStreamConnection Struck, IJetStreamConnection Spared)> ConnectBothAsync(NatsConnector connector)
    {
        IJetStreamConnection struck = await connector.ConnectAsync("struck");
        IJetStreamConnection spared = await connector.ConnectAsync("spared");
        await struck.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });
        return (struck, spared);
    }

    private async Task<EmbeddedNatsCluster> StartAsync(int size, string version = TestServerVersions.V215, bool routeFaults = false)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        return await EmbeddedNatsCluster.StartAsync(
            size, new EmbeddedNatsServerOptions { Binary = binary, Folder = Path.Combine(_folder.Path, version) }, routeFaults: routeFaults);
    }

    private static PublishMessage Message() => new() { Subject = "s"u8, Payload = Encoding.UTF8.GetBytes("hello") };

    private static async Task AskAsync(EmbeddedNatsServer server, string subject, string body)
    {
        JsonElement? answer = await server.RequestAsync(subject, body, CancellationToken.None);
        Assert.False(answer?.IsError() ?? true, $"{answer}");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
