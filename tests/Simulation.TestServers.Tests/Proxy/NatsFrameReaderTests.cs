using System.Buffers;
using System.Text;
using Simulation.TestServers.Proxy;

namespace Simulation.TestServers.Tests.Proxy;

public sealed class NatsFrameReaderTests
{
    private const string Headers = "NATS/1.0\r\nNats-Msg-Id: run.1.2\r\n\r\n";

    [Theory]
    [InlineData(FrameDirection.ToServer, "PUB a.b 2\r\nhi\r\n", FrameKind.Pub)]
    [InlineData(FrameDirection.ToServer, "PUB a.b inbox.1 2\r\n\r\n\r\n", FrameKind.Pub)]
    [InlineData(FrameDirection.ToServer, "PUB a.b 0\r\n\r\n", FrameKind.Pub)]
    [InlineData(FrameDirection.ToServer, $"HPUB a.b 34 36\r\n{Headers}hi\r\n", FrameKind.HPub)]
    [InlineData(FrameDirection.ToServer, $"HPUB a.b inbox.1 34 36\r\n{Headers}hi\r\n", FrameKind.HPub)]
    [InlineData(FrameDirection.ToServer, "SUB inbox.* 7\r\n", FrameKind.Sub)]
    [InlineData(FrameDirection.ToServer, "UNSUB 7 1\r\n", FrameKind.Unsub)]
    [InlineData(FrameDirection.ToServer, "CONNECT {\"name\":\"a b\"}\r\n", FrameKind.Connect)]
    [InlineData(FrameDirection.ToServer, "PING\r\n", FrameKind.Ping)]
    [InlineData(FrameDirection.ToClient, "MSG a.b 7 2\r\nhi\r\n", FrameKind.Msg)]
    [InlineData(FrameDirection.ToClient, "MSG a.b 7 $JS.ACK.S.C.1.1.1.1.0 2\r\nhi\r\n", FrameKind.Msg)]
    [InlineData(FrameDirection.ToClient, $"HMSG a.b 7 34 36\r\n{Headers}hi\r\n", FrameKind.HMsg)]
    [InlineData(FrameDirection.ToClient, $"HMSG a.b 7 reply 34 36\r\n{Headers}hi\r\n", FrameKind.HMsg)]
    [InlineData(FrameDirection.ToClient, "INFO {\"port\":1}\r\n", FrameKind.Info)]
    [InlineData(FrameDirection.ToClient, "-ERR 'Stale Connection'\r\n", FrameKind.Err)]
    [InlineData(FrameDirection.ToClient, "+OK\r\n", FrameKind.Ok)]
    [InlineData(FrameDirection.ToClient, "WHAT is this\r\n", FrameKind.Other)]
    public void TryRead_OneFrame_IsWrittenAgainByteForByteOnceItIsWhole(FrameDirection direction, string text, FrameKind kind)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(NatsFrameReader.TryRead(direction, ref part, out _));
            Assert.Equal(length, part.Length);
        }

        var buffer = new ReadOnlySequence<byte>([.. bytes, .. "PING\r\n"u8]);
        Assert.True(NatsFrameReader.TryRead(direction, ref buffer, out var frame));
        Assert.Equal(kind, frame.Kind);
        Assert.Equal(text, Encoding.UTF8.GetString(frame.ToBytes()));
        Assert.Equal("PING\r\n", Encoding.UTF8.GetString(buffer));
    }

    [Fact]
    public void TryRead_DeliveryWithHeaders_ShowsItsParts()
    {
        var frame = Read(FrameDirection.ToClient, $"HMSG a.b 7 $JS.ACK.S.C.1.1.1.1.0 34 36\r\n{Headers}hi\r\n");

        Assert.Equal(("a.b", "7", "$JS.ACK.S.C.1.1.1.1.0", "hi"), (frame.Subject, frame.Sid, frame.ReplyTo, frame.PayloadText));
        Assert.Equal("run.1.2", frame.Header("nats-msg-id"));
        Assert.Null(frame.Header("Nats-Expected-Stream"));
        Assert.True(frame.IsDelivery);
    }

    [Fact]
    public void ToBytes_AlteredPayload_HasNewSizes()
    {
        var frame = Read(FrameDirection.ToServer, $"HPUB a.b 34 36\r\n{Headers}hi\r\n");

        Assert.Equal($"HPUB a.b 34 39\r\n{Headers}hello\r\n", Encoding.UTF8.GetString((frame with { Payload = "hello"u8.ToArray() }).ToBytes()));
    }

    [Theory]
    [InlineData("PUB\r\n")]
    [InlineData("PUB a.b\r\n")]
    [InlineData("PUB a.b x\r\n")]
    [InlineData("PUB a.b -1\r\n")]
    [InlineData("HPUB a.b 9 8\r\n12345678\r\n")]
    [InlineData("PUB a b c 1\r\n")]
    public void TryRead_NotTheProtocol_Throws(string text) => Assert.Throws<InvalidDataException>(() => Read(FrameDirection.ToServer, text));

    private static NatsFrame Read(FrameDirection direction, string text)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text));
        Assert.True(NatsFrameReader.TryRead(direction, ref buffer, out var frame));
        return frame;
    }
}
