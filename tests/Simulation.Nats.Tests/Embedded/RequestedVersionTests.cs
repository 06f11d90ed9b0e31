using Simulation.Nats.Embedded;

namespace Simulation.Nats.Tests.Embedded;

public sealed class RequestedVersionTests
{
    [Theory]
    [InlineData("any", "2.9.10", true)]
    [InlineData("2.10", "2.10.27", true)]
    [InlineData("2.1", "2.10.27", false)]
    [InlineData("v2.10.27", "2.10.27", true)]
    [InlineData("2.10.2", "2.10.27", false)]
    public void Matches_Request_ComparesWholeNumbers(string requested, string actual, bool matches) =>
        Assert.Equal(matches, RequestedVersion.Parse(requested).Matches(Version.Parse(actual)));

    [Theory]
    [InlineData("latest")]
    [InlineData("2.10.27.1")]
    [InlineData("2..1")]
    public void Parse_Nonsense_NamesItAndTheRemedy(string text) =>
        Assert.Contains($"'{text}' is not a nats-server version", Assert.Throws<FormatException>(() => RequestedVersion.Parse(text)).Message);
}
