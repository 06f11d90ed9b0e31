using System.Text;
using Simulation.JetStream;
using Simulation.Nats.JetStream;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Tests.JetStream;

public sealed class PublishAnswerTests
{
    [Fact]
    public void Read_Acknowledgement_GivesStreamAndSequence() =>
        Assert.Equal(PublishOutcome.Acknowledged("S", 42, duplicate: false), Read("""{"stream":"S", "seq":42}"""));

    [Fact]
    public void Read_Duplicate_SaysSo() =>
        Assert.Equal(PublishOutcome.Acknowledged("S", 42, duplicate: true), Read("""{"stream":"S","domain":"d","seq":42,"duplicate": true}"""));

    [Theory]
    [InlineData("""{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 1"},"stream":"S","seq":0}""")]
    [InlineData("""{"stream":"S","seq":5,"error":{"err_code":10071,"description":"wrong last sequence: 1"}}""")]
    public void Read_ErrorObject_IsRejectedWhateverElseIsSaid(string json) =>
        Assert.Equal(PublishOutcome.Rejected(10071, "wrong last sequence: 1"), Read(json));

    [Fact]
    public void Read_NoResponders_IsRejected503() =>
        Assert.Equal((PublishResult.Rejected, 503), Summary(Read("", "NATS/1.0 503\r\n\r\n")));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"stream":"S"}""")]
    [InlineData("""{"stream":"S","seq":0}""")]
    [InlineData("""{"stream":"","seq":1}""")]
    [InlineData("""{"stream":7,"seq":1}""")]
    [InlineData("""{"stream":"S","seq":-1}""")]
    [InlineData("""{"stream":"S","seq":"1"}""")]
    [InlineData("""{"stream":"S","seq":1""")]
    [InlineData("""{"stream":"S","seq":1}garbage""")]
    [InlineData("""{"stream":"S","seq":1,"duplicate":"yes"}""")]
    [InlineData("""{"stream":"S","seq":1,"error":"none"}""")]
    public void Read_Unreadable_IsUnknown(string json) =>
        Assert.Equal((PublishResult.Unknown, UnknownReason.MalformedAnswer), (Read(json).Result, Read(json).Reason));

    [Fact]
    public void Read_TruncatedAnywhere_IsNeverAcknowledged()
    {
        const string whole = """{"stream":"S","seq":1234}""";
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(PublishResult.Unknown, Read(whole[..length]).Result);
        }
    }

    private static (PublishResult Result, int ErrorCode) Summary(PublishOutcome outcome) => (outcome.Result, outcome.ErrorCode);

    private static PublishOutcome Read(string payload, string headers = "")
    {
        string knownStream = "";
        var frame = new MessageFrame
        {
            SubscriptionId = 1,
            Subject = "_INBOX.p.1"u8,
            HeaderBlock = Encoding.UTF8.GetBytes(headers),
            Payload = Encoding.UTF8.GetBytes(payload),
        };
        return PublishAnswer.Read(frame, ref knownStream);
    }
}
