using System.Text;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Tests.Protocol;

public sealed class FrameWriterTests
{
    [Fact]
    public void Publish_WithoutHeaders_IsPub() =>
        Assert.Equal("PUB a.b 3\r\nxyz\r\n", Publish("a.b", "", "", "xyz"));

    [Fact]
    public void Publish_WithReply_NamesIt() =>
        Assert.Equal("PUB a.b _INBOX.1 0\r\n\r\n", Publish("a.b", "_INBOX.1", "", ""));

    [Fact]
    public void Publish_WithHeaders_IsHpubWithBothLengths() =>
        Assert.Equal("HPUB a r 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nxy\r\n", Publish("a", "r", "NATS/1.0\r\nA: b\r\n\r\n", "xy"));

    [Fact]
    public void Subscribe_NamesSubjectAndNumber()
    {
        byte[] target = new byte[FrameWriter.SubscribeBound(3)];
        Assert.Equal("SUB a.* 12\r\n", Encoding.UTF8.GetString(target, 0, FrameWriter.Subscribe(target, "a.*"u8, 12)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nPUB b 0")]
    public void RequireSubject_WhatWouldBreakTheLine_Throws(string subject) =>
        Assert.Throws<ArgumentException>(() => Subjects.RequireSubject(Encoding.UTF8.GetBytes(subject)));

    private static string Publish(string subject, string reply, string headers, string payload)
    {
        byte[] target = new byte[FrameWriter.PublishBound(subject.Length, reply.Length, headers.Length, payload.Length)];
        int written = FrameWriter.Publish(
            target, Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(reply), Encoding.UTF8.GetBytes(headers), Encoding.UTF8.GetBytes(payload));
        return Encoding.UTF8.GetString(target, 0, written);
    }
}
