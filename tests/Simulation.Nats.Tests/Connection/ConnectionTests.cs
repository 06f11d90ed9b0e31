using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;

namespace Simulation.Nats.Tests.Connection;

/// <summary>Bad days: cut frames, silence, malformed bytes, refusals.</summary>
public sealed class ConnectionTests
{
    private static readonly NatsOptions Quick = new()
    {
        ReconnectMin = TimeSpan.FromMilliseconds(1),
        ReconnectMax = TimeSpan.FromMilliseconds(10),
    };

    [Fact]
    public async Task Publish_CutInTheMiddleOfAFrame_IsUnknownAndTheNextLinkStartsClean()
    {
        using var server = new ScriptedServer();
        await RunAsync(server, Quick, async (connection, script) =>
        {
            ActorTask<PublishOutcome> publish = connection.PublishAsync(new PublishMessage { Subject = "s"u8, Payload = "x"u8 });
            script.Run(async first =>
            {
                await first.ExpectAsync("PUB s ");
                await first.SendAsync("MSG _INBOX.x 1 100\r\n{\"stream\"");
                first.Dispose();
                return await server.AcceptAsync();
            });
            PublishOutcome outcome = await publish;
            Assert.Equal((PublishResult.Unknown, UnknownReason.ConnectionLost), (outcome.Result, outcome.Reason));
            await connection.WhenConnectedAsync();
            Assert.Equal(ConnectionState.Connected, connection.State);
        });
    }

    [Theory]
    [InlineData("HELLO\r\n", "Malformed frame")]
    [InlineData("MSG a 1 x\r\n", "Malformed frame")]
    [InlineData("-ERR 'Stale Connection'\r\n", "Stale Connection")]
    public async Task Link_ServerSaysThis_EndsWithTheReason(string bytes, string reason)
    {
        using var server = new ScriptedServer();
        await RunAsync(server, Quick, async (connection, script) =>
        {
            ActorTask<PublishOutcome> publish = connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
            script.Run(async first =>
            {
                await first.ExpectAsync("PUB s ");
                await first.SendAsync(bytes);
                if (bytes[0] == '-')
                {
                    first.Dispose();
                }

                return await server.AcceptAsync();
            });
            Assert.Contains(reason, (await publish).Text, StringComparison.Ordinal);
            await connection.WhenConnectedAsync();
        });
    }

    [Fact]
    public async Task Link_ServerFallsSilent_IsFoundByPings()
    {
        using var server = new ScriptedServer();
        await RunAsync(server, Quick with { PingInterval = TimeSpan.FromMilliseconds(50) }, async (connection, _) =>
        {
            PublishOutcome outcome = await connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
            Assert.Contains("did not answer a PING", outcome.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Publish_NoAnswer_TimesOutAndALateAnswerChangesNothing()
    {
        using var server = new ScriptedServer();
        await RunAsync(server, Quick, async (connection, script) =>
        {
            PublishOutcome late = await connection.PublishAsync(new PublishMessage { Subject = "s"u8, Timeout = TimeSpan.FromMilliseconds(20) });
            Assert.Equal(UnknownReason.Timeout, late.Reason);
            ActorTask<PublishOutcome> next = connection.PublishAsync(new PublishMessage { Subject = "t"u8 });
            script.Run(async client =>
            {
                string said = await client.ExpectAsync("PUB t ") + await client.ExpectAsync("\r\n");
                await AnswerAsync(client, ReplyToOf(said, "PUB s "), 7);
                await AnswerAsync(client, ReplyToOf(said, "PUB t "), 8);
                return client;
            });
            Assert.Equal(8UL, (await next).Sequence);
        });
    }

    [Fact]
    public async Task Connect_NobodyThere_ThrowsAndNamesThePlaceWithoutThePassword()
    {
        await using ActorSystem system = ActorSystem.Create("test", Dispatchers.Real(), seed: 1);
        using var connector = new NatsConnector(new NatsOptions { Url = "nats://me:hidden@127.0.0.1:1" }, system);
        var error = await Assert.ThrowsAsync<JetStreamUnavailableException>(() => system.RunAsync(async _ => await connector.ConnectAsync("test")));
        Assert.Contains("nats://127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Where the client wants the answer to what it published with this beginning of a line.</summary>
    private static string ReplyToOf(string said, string publish) => said.Split(publish)[1].Split(' ')[0];

    private static Task AnswerAsync(ScriptedServer.Client client, string replyTo, int sequence)
    {
        string answer = $"{{\"stream\":\"S\",\"seq\":{sequence}}}";
        return client.SendAsync($"MSG {replyTo} 1 {answer.Length}\r\n{answer}\r\n");
    }

    private static async Task RunAsync(ScriptedServer server, NatsOptions options, Func<IJetStreamConnection, Script, ActorTask> body)
    {
        await using ActorSystem system = ActorSystem.Create("test", Dispatchers.Real(), seed: 1);
        using var connector = new NatsConnector(options with { Url = server.Url }, system);
        Task<ScriptedServer.Client> greeting = server.AcceptAsync();
        var script = new Script(greeting);
        await system.RunAsync(async _ =>
        {
            IJetStreamConnection connection = await connector.ConnectAsync("test");
            await body(connection, script);
            connection.Abort();
        });
        await script.EndAsync();
    }

    /// <summary>What the server does, beside the actor that runs the test.</summary>
    private sealed class Script(Task<ScriptedServer.Client> greeted)
    {
        private Task<ScriptedServer.Client> _last = greeted;

        public void Run(Func<ScriptedServer.Client, Task<ScriptedServer.Client>> act)
        {
            Task<ScriptedServer.Client> before = _last;
            _last = Task.Run(async () => await act(await before));
        }

        public async Task EndAsync() => (await _last).Dispose();
    }
}
