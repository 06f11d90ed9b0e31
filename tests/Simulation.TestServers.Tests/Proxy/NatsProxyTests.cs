using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Simulation.TestServers.Proxy;

namespace Simulation.TestServers.Tests.Proxy;

public sealed class NatsProxyTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static int _streams;

    private readonly string _stream = $"S{Interlocked.Increment(ref _streams)}";

    private string Subject => $"{_stream.ToLowerInvariant()}.orders";

    [SkippableFact]
    public async Task Info_ThroughTheProxy_NamesOnlyTheProxy()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await RawClient.ConnectAsync(proxy.Port);

        Assert.Equal("127.0.0.1", client.Info["host"]!.GetValue<string>());
        Assert.Equal(proxy.Port, client.Info["port"]!.GetValue<int>());
        Assert.False(client.Info.ContainsKey("connect_urls"));
        Assert.StartsWith("2.10.", client.Info["version"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task NoRules_PublishAndPull_WorkAsWithoutAProxy()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);

        for (ulong sequence = 1; sequence <= 500; sequence++)
        {
            Assert.Equal((_stream, sequence), Answer(await client.RequestAsync(Subject, $"message {sequence}")));
        }

        var deliveries = await PullAsync(client, 500);
        Assert.Equal(Enumerable.Range(1, 500).Select(number => $"message {number}"), deliveries);
    }

    [SkippableFact]
    public async Task NoRules_LargeMessage_ComesBackWhole()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var payload = string.Create(1_000_000, 0, (text, _) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = (char)('a' + (index % 23));
            }
        });

        await client.RequestAsync(Subject, payload);

        Assert.Equal([payload], await PullAsync(client, 1));
    }

    [SkippableFact]
    public async Task SwallowPublish_OneOfThree_IsAcknowledgedButNotStored()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var rule = proxy.Add(new SwallowPublish(Carries("two"), _stream, _ => 1_000));

        Assert.Equal((_stream, 1ul), Answer(await client.RequestAsync(Subject, "one")));
        Assert.Equal((_stream, 1_000ul), Answer(await client.RequestAsync(Subject, "two")));
        Assert.Equal((_stream, 2ul), Answer(await client.RequestAsync(Subject, "three")));

        Assert.Equal("two", (await rule.FirstHit).PayloadText);
        Assert.Equal(["one", "three"], await PullAsync(client, 2));
    }

    [SkippableFact]
    public async Task SwallowAcknowledgement_OneOfThree_IsStoredButNotAcknowledged()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var rule = proxy.Add(new SwallowAcknowledgement(Carries("two")));

        await client.RequestAsync(Subject, "one");
        await client.PublishAsync(Subject, "two");
        Assert.Equal("two", (await rule.FirstHit).PayloadText);
        Assert.Equal((_stream, 3ul), Answer(await client.RequestAsync(Subject, "three")));

        Assert.Equal(["one", "two", "three"], await PullAsync(client, 3));
    }

    [SkippableFact]
    public async Task RewriteAcknowledgement_SecondOfTwo_HasTheFirstOnesSequence()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var rule = proxy.Add(new RewriteAcknowledgement(Carries("two"), sequence => sequence - 1));

        Assert.Equal((_stream, 1ul), Answer(await client.RequestAsync(Subject, "one")));
        Assert.Equal((_stream, 1ul), Answer(await client.RequestAsync(Subject, "two")));
        Assert.Equal((_stream, 3ul), Answer(await client.RequestAsync(Subject, "three")));
        Assert.Equal(1, rule.Hits);
    }

    [SkippableFact]
    public async Task DuplicateFrames_OneDelivery_ArrivesTwice()
    {
        var deliveries = await PullThreeAsync(new DuplicateFrames(frame => frame.IsDelivery && frame.PayloadText == "two"), expected: 4);

        Assert.Equal(["one", "two", "two", "three"], deliveries);
    }

    [SkippableFact]
    public async Task SwapFrames_TwoDeliveries_ArriveInTheOtherOrder()
    {
        var deliveries = await PullThreeAsync(new SwapFrames(frame => frame.IsDelivery && frame.PayloadText is "one" or "two"), expected: 3);

        Assert.Equal(["two", "one", "three"], deliveries);
    }

    [SkippableFact]
    public async Task SwapFrames_NotNeighbours_LetsTheOthersPass()
    {
        var deliveries = await PullThreeAsync(new SwapFrames(frame => frame.IsDelivery && frame.PayloadText is "one" or "three"), expected: 3);

        Assert.Equal(["two", "three", "one"], deliveries);
    }

    [SkippableFact]
    public async Task FlipPayloadByte_OneDelivery_DiffersInThatByte()
    {
        var rule = AlterFrames.FlipPayloadByte(frame => frame.IsDelivery && frame.PayloadText == "two", offset: -1);

        var deliveries = await PullThreeAsync(rule, expected: 3);

        Assert.Equal("one", deliveries[0]);
        Assert.StartsWith("tw", deliveries[1]);
        Assert.NotEqual("two", deliveries[1]);
        Assert.Equal("three", deliveries[2]);
    }

    [SkippableFact]
    public async Task DropFrames_OneDelivery_NeverArrives() =>
        Assert.Equal(["one", "three"], await PullThreeAsync(new DropFrames(frame => frame.IsDelivery && frame.PayloadText == "two"), expected: 2));

    [SkippableFact]
    public async Task DelayFrames_OneDelivery_KeepsTheOrder() => Assert.Equal(
        ["one", "two", "three"],
        await PullThreeAsync(new DelayFrames(frame => frame.IsDelivery && frame.PayloadText == "two", TimeSpan.FromMilliseconds(20)), expected: 3));

    [SkippableFact]
    public async Task HoldFrames_UntilReleased_LetsNothingBehindItPass()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var hold = proxy.Add(new HoldFrames(Carries("two")));

        await client.RequestAsync(Subject, "one");
        await client.PublishAsync(Subject, "two");
        await client.PublishAsync(Subject, "three");
        await hold.FirstHit;
        Assert.Equal(1, await MessageCountAsync());

        hold.Release();
        Assert.Equal(2ul, PublishAcknowledgement.SequenceOf(await client.ReadAsync()));
        Assert.Equal(3ul, PublishAcknowledgement.SequenceOf(await client.ReadAsync()));
    }

    [SkippableFact]
    public async Task CutInsideFrame_Delivery_EndsTheConnectionInItsMiddle()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        await client.RequestAsync(Subject, "0123456789");
        var rule = proxy.Add(new CutInsideFrame(frame => frame.IsDelivery));

        await RequestPullAsync(client, 1);

        Assert.Null(await client.TryReadAsync());
        Assert.StartsWith("MSG " + Subject, client.Remainder);
        Assert.Equal((await rule.FirstHit).ToBytes().Length / 2, client.Remainder.Length);
    }

    [SkippableFact]
    public async Task CutInsideFrame_Publish_IsNotStoredAndTheClientMayComeAgain()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var rule = proxy.Add(new CutInsideFrame(Carries("0123456789"), bytes: 30));

        await client.PublishAsync(Subject, "0123456789");
        Assert.Null(await client.TryReadAsync());
        await rule.FirstHit;

        using var again = await RawClient.ConnectAsync(proxy.Port);
        Assert.Equal((_stream, 1ul), Answer(await again.RequestAsync(Subject, "0123456789")));
        Assert.Equal(2, proxy.AcceptedCount);
    }

    [SkippableFact]
    public async Task HalfOpenAll_ServerAndClientSend_NothingArrivesAndTheSocketStaysOpen()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var seen = proxy.Add(new WatchFrames(Carries("lost")));

        proxy.HalfOpenAll();
        var next = client.TryReadAsync();
        await client.PublishAsync(Subject, "lost");
        await seen.FirstHit;

        using var other = await RawClient.ConnectAsync(proxy.Port);
        Assert.Equal((_stream, 1ul), Answer(await other.RequestAsync(Subject, "arrives")));
        Assert.False(next.IsCompleted);

        proxy.CutAll();
        Assert.Null(await next);
    }

    [SkippableFact]
    public async Task RefuseConnections_NewClient_IsRefusedAndTheOldOneGoesOn()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);

        proxy.RefuseConnections();

        var error = await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(proxy.Port));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        await client.PingAsync();

        proxy.AcceptConnections();
        using var other = await RawClient.ConnectAsync(proxy.Port);
        await other.PingAsync();
    }

    [SkippableFact]
    public async Task AppliesTo_OneClient_LeavesTheOtherAlone()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var victim = await StartStreamAsync(proxy, "victim");
        using var bystander = await RawClient.ConnectAsync(proxy.Port, "bystander");
        proxy.Add(new SwallowPublish(Carries("same"), _stream, _ => 1_000) { AppliesTo = connection => connection.ClientName == "victim" });

        Assert.Equal((_stream, 1ul), Answer(await bystander.RequestAsync(Subject, "same")));
        Assert.Equal((_stream, 1_000ul), Answer(await victim.RequestAsync(Subject, "same")));
    }

    [SkippableFact]
    public async Task Add_TwoRules_TheSecondSeesWhatTheFirstForwards()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        proxy.Add(new AlterFrames(Carries("one"), frame => frame with { Payload = "two"u8.ToArray() }));
        proxy.Add(new DuplicateFrames(Carries("two")));

        await client.PublishAsync(Subject, "one");
        await client.ReadAsync();
        await client.ReadAsync();

        Assert.Equal(["two", "two"], await PullAsync(client, 2));
    }

    [Fact]
    public async Task Connect_ServerThatIsNotThere_HangsUp()
    {
        var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var endpoint = (IPEndPoint)nobody.LocalEndpoint;
        nobody.Dispose();

        await using var proxy = NatsProxy.Start(endpoint);

        await Assert.ThrowsAsync<EndOfStreamException>(() => RawClient.ConnectAsync(proxy.Port));
    }

    [SkippableFact]
    public async Task Remove_Rule_LetsFramesPassAgain()
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        var rule = proxy.Add(new DropFrames(frame => frame.Kind == FrameKind.Ping, times: int.MaxValue));
        await client.SendAsync("PING\r\n");
        await rule.FirstHit;

        proxy.Remove(rule);

        await client.PingAsync();
        Assert.Equal(1, rule.Hits);
    }

    [SkippableFact]
    public async Task DisposeAsync_RuleThatThrew_ThrowsWhatItThrew()
    {
        var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        proxy.Add(new AlterFrames(Carries("two"), _ => throw new InvalidOperationException("A mistake in a test.")));

        await client.PublishAsync(Subject, "two");
        Assert.Null(await client.TryReadAsync());

        var error = await Assert.ThrowsAsync<AggregateException>(() => proxy.DisposeAsync().AsTask());
        Assert.Equal("A mistake in a test.", error.InnerException!.Message);
    }

    private static Func<NatsFrame, bool> Carries(string payload) => frame => frame.IsPublish && frame.PayloadText == payload;

    private static (string Stream, ulong Sequence) Answer(JsonObject acknowledgement) =>
        (acknowledgement["stream"]!.GetValue<string>(), acknowledgement["seq"]!.GetValue<ulong>());

    private async Task<RawClient> StartStreamAsync(NatsProxy proxy, string name = "raw")
    {
        var client = await RawClient.ConnectAsync(proxy.Port, name);
        await MustAsync(client, $"$JS.API.STREAM.CREATE.{_stream}", $$"""{"name":"{{_stream}}","subjects":["{{Subject}}"],"storage":"memory"}""");
        await MustAsync(
            client,
            $"$JS.API.CONSUMER.DURABLE.CREATE.{_stream}.C",
            $$"""{"stream_name":"{{_stream}}","config":{"ack_policy":"explicit","durable_name":"C"} }""");
        return client;
    }

    /// <summary>Stores one, two and three, then delivers them under the rule.</summary>
    private async Task<IReadOnlyList<string>> PullThreeAsync(FrameRule rule, int expected)
    {
        await using var proxy = NatsProxy.Start(await server.UrlAsync());
        using var client = await StartStreamAsync(proxy);
        foreach (var payload in new[] { "one", "two", "three" })
        {
            await client.RequestAsync(Subject, payload);
        }

        proxy.Add(rule);
        await RequestPullAsync(client, 3);
        var deliveries = await ReadAsync(client, expected);
        await client.PingAsync();
        Assert.Equal(1, rule.Hits);
        return deliveries;
    }

    private async Task<IReadOnlyList<string>> PullAsync(RawClient client, int count)
    {
        await RequestPullAsync(client, count);
        return await ReadAsync(client, count);
    }

    private Task RequestPullAsync(RawClient client, int batch) =>
        client.PublishAsync($"$JS.API.CONSUMER.MSG.NEXT.{_stream}.C", $$"""{"batch":{{batch}}}""");

    private static async Task<IReadOnlyList<string>> ReadAsync(RawClient client, int count)
    {
        var payloads = new List<string>();
        while (payloads.Count < count)
        {
            var frame = await client.ReadAsync();
            Assert.True(frame.IsDelivery);
            payloads.Add(frame.PayloadText);
        }

        return payloads;
    }

    /// <summary>What the server holds, asked past the proxy.</summary>
    private async Task<int> MessageCountAsync()
    {
        using var direct = await RawClient.ConnectAsync((await server.UrlAsync()).Port);
        var info = await direct.RequestAsync($"$JS.API.STREAM.INFO.{_stream}", "");
        return info["state"]!["messages"]!.GetValue<int>();
    }

    private static async Task MustAsync(RawClient client, string subject, string request)
    {
        var answer = await client.RequestAsync(subject, request);
        Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
    }
}
