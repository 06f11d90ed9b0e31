using System.Text;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Tests.Protocol;

public sealed class FrameParserTests
{
    private const string Stream =
        "INFO {\"server_id\":\"A\",\"version\":\"2.10.0\"}\r\n" +
        "PING\r\n" +
        "MSG a.b 7 3\r\nxyz\r\n" +
        "MSG a.b 7 reply.to 0\r\n\r\n" +
        "MSG a.b 7  2\r\nxy\r\n" +
        "+OK\r\n" +
        "HMSG a 12 21 25\r\nNATS/1.0\r\nName: v\r\n\r\n\r\nab\r\n" +
        "PONG\r\n" +
        "HMSG _INBOX.x 3 answer.here 32 32\r\nNATS/1.0 408 Request Timeout\r\n\r\n\r\n" +
        "-ERR 'Permissions Violation'\r\n" +
        "MSG c 1 12\r\nMSG a 1 2\r\nz\r\n";

    private static readonly string[] Expected =
    [
        "info 2.10.0",
        "ping",
        "msg 7 a.b   xyz",
        "msg 7 a.b reply.to  ",
        "msg 7 a.b   xy",
        "msg 12 a  NATS/1.0|Name: v|| |ab",
        "pong",
        "msg 3 _INBOX.x answer.here NATS/1.0 408 Request Timeout|| ",
        "error Permissions Violation",
        "msg 1 c   MSG a 1 2|z",
    ];

    [Fact]
    public void Parse_AtEverySplit_GivesTheSameFrames()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Stream);
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(Expected, Receive(bytes[..split], bytes[split..]));
        }
    }

    [Fact]
    public void Parse_ByteByByte_GivesTheSameFrames()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Stream);
        Assert.Equal(Expected, Receive([.. bytes.Select(b => new[] { b })]));
    }

    [Fact]
    public void Parse_InRandomPieces_GivesTheSameFrames()
    {
        byte[] bytes = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(Stream), 50).SelectMany(b => b)];
        string[] expected = [.. Enumerable.Repeat(Expected, 50).SelectMany(e => e)];
        var random = new Random(1);
        for (int round = 0; round < 20; round++)
        {
            var pieces = new List<byte[]>();
            for (int at = 0; at < bytes.Length;)
            {
                int length = Math.Min(random.Next(1, 300), bytes.Length - at);
                pieces.Add(bytes[at..(at + length)]);
                at += length;
            }

            Assert.Equal(expected, Receive([.. pieces]));
        }
    }

    [Fact]
    public void Parse_PayloadLargerThanTheBuffer_Arrives()
    {
        string payload = new('p', 5_000_000);
        string[] got = Receive(Encoding.UTF8.GetBytes($"MSG big 1 {payload.Length}\r\n{payload}\r\nPING\r\n").Chunk(70_000).ToArray());

        Assert.Equal(2, got.Length);
        Assert.EndsWith(payload, got[0], StringComparison.Ordinal);
        Assert.Equal("ping", got[1]);
    }

    [Theory]
    [InlineData("HELLO\r\n")]
    [InlineData("PING\n")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("ping\r\n")]
    [InlineData("MSG a 1\r\n")]
    [InlineData("MSG a 1 2 3 4\r\n")]
    [InlineData("MSG a x 2\r\nab\r\n")]
    [InlineData("MSG a 1 -2\r\nab\r\n")]
    [InlineData("MSG  1 2\r\nab\r\n")]
    [InlineData("MSG a 1 2 \r\nab\r\n")]
    [InlineData("MSG a 1 2\r\nabc\r\n")]
    [InlineData("MSG a 1 99999999999999999999\r\n")]
    [InlineData("MSG a 1 67108865\r\n")]
    [InlineData("HMSG a 1 2\r\n")]
    [InlineData("HMSG a 1 14 12\r\n")]
    [InlineData("HMSG a 1 12 12\r\nHTTP/1.0\r\n\r\n\r\n")]
    [InlineData("HMSG a 1 10 10\r\nNATS/1.0\r\n\r\n")]
    [InlineData("INFO {\r\n")]
    [InlineData("INFO []\r\n")]
    [InlineData("INFO {\"max_payload\":\"much\"}\r\n")]
    public void Parse_Malformed_ThrowsWithTheReason(string bytes)
    {
        var error = Assert.Throws<ProtocolException>(() => Receive(Encoding.UTF8.GetBytes(bytes)));
        Assert.Contains("Malformed frame from the server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EndlessLine_ThrowsInsteadOfGrowing()
    {
        byte[] endless = new byte[FrameParser.MaxControlLine + 1];
        Array.Fill(endless, (byte)'x');
        Assert.Throws<ProtocolException>(() => Receive(endless));
    }

    [Fact]
    public void Parse_RandomBytes_NeverFailsOtherwiseThanMalformed()
    {
        var random = new Random(2);
        string[] words = ["MSG ", "HMSG ", "INFO {}", "PING", "PONG", "\r\n", " ", "1", "22", "a.b", "NATS/1.0", "-ERR 'x'", "+OK", "{", "\n", "\r"];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
            {
                bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => words[random.Next(words.Length)])));
            }

            Assert.True(Record.Exception(() => Receive(bytes)) is null or ProtocolException, Convert.ToHexString(bytes));
        }
    }

    [Fact]
    public void Parse_FlippedBits_NeverFailsOtherwiseThanMalformed()
    {
        byte[] good = Encoding.UTF8.GetBytes(Stream);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Record.Exception(() => Receive(bad)) is null or ProtocolException, $"bit {bit}");
        }
    }

    private static string[] Receive(params byte[][] pieces)
    {
        var log = new FrameLog();
        var buffer = new ReceiveBuffer();
        foreach (byte[] piece in pieces)
        {
            for (int at = 0; at < piece.Length;)
            {
                int length = Math.Min(buffer.Free.Length, piece.Length - at);
                piece.AsSpan(at, length).CopyTo(buffer.Free.Span);
                at += length;
                buffer.Received(length);
                int consumed = FrameParser.Parse(buffer.Unconsumed, log, out int needed);
                buffer.Consume(consumed, needed);
            }
        }

        return [.. log.Lines];
    }

    private sealed class FrameLog : IFrameHandler
    {
        public List<string> Lines { get; } = [];

        public void OnInfo(ReadOnlySpan<byte> json) => Lines.Add($"info {ServerInfo.Parse(json).Version}");

        public void OnMessage(in MessageFrame frame) => Lines.Add(
            $"msg {frame.SubscriptionId} {Text(frame.Subject)} {Text(frame.ReplyTo)} {Text(frame.HeaderBlock)} {Text(frame.Payload)}");

        public void OnPing() => Lines.Add("ping");

        public void OnPong() => Lines.Add("pong");

        public void OnError(string text) => Lines.Add($"error {text}");

        private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Replace("\r\n", "|", StringComparison.Ordinal);
    }
}
