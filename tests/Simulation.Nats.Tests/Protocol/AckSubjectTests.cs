using System.Text;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Tests.Protocol;

public sealed class AckSubjectTests
{
    [Theory]
    [InlineData("$JS.ACK.S.c.3.100.50.1700000000123456789.7")]
    [InlineData("$JS.ACK.hub.ACCHASH.S.c.3.100.50.1700000000123456789.7")]
    [InlineData("$JS.ACK._.ACCHASH.S.c.3.100.50.1700000000123456789.7.rAnDoM")]
    public void TryParse_EveryForm_GivesTheMetadata(string subject)
    {
        Assert.True(AckSubject.TryParse(Encoding.UTF8.GetBytes(subject), out AckSubject ack));
        Assert.Equal((3, 100UL, 50UL, 7L), (ack.DeliveryCount, ack.StreamSequence, ack.ConsumerSequence, ack.Pending));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123).AddTicks(4567), ack.StoredAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("reply")]
    [InlineData("$JS.ACK.S.c.3.100.50.1700000000123456789")]
    [InlineData("$JS.ACK.S.c.3.100.50.1700000000123456789.7.8")]
    [InlineData("$JS.ACK.S.c.x.100.50.1700000000123456789.7")]
    [InlineData("$JS.ACK.S.c.3..50.1700000000123456789.7")]
    [InlineData("$JS.ACK.S.c.3.100.50.99999999999999999999.7")]
    public void TryParse_AnythingElse_IsRefused(string subject) =>
        Assert.False(AckSubject.TryParse(Encoding.UTF8.GetBytes(subject), out _));
}
