using Simulation.Nats.Connection;

namespace Simulation.Nats.Tests.Connection;

public sealed class NatsOptionsTests
{
    [Fact]
    public void ToString_WithEverySecret_ShowsNone()
    {
        string text = new NatsOptions
        {
            Url = "nats://me:hidden1@a:1,tls://hidden2@b",
            Password = "hidden3",
            Token = "hidden4",
            NKeySeed = "hidden5",
        }.ToString();

        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.Contains("nats://a:1,tls://b:4222", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseList_UserPasswordTokenAndDefaults_AreRead()
    {
        IReadOnlyList<ServerAddress> list = ServerAddress.ParseList("nats://u:p%40ss@one:4000, tls://tok@two ,three:99,nats://[::1]:5");

        Assert.Equal(new ServerAddress("one", 4000, false, "u", "p@ss", null), list[0]);
        Assert.Equal(new ServerAddress("two", 4222, true, null, null, "tok"), list[1]);
        Assert.Equal(new ServerAddress("three", 99, false, null, null, null), list[2]);
        Assert.Equal(5, list[3].Port);
        Assert.Equal("nats://[::1]:5", list[3].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("http://secret@a")]
    [InlineData("nats://u:secret@")]
    [InlineData("nats://u:secret@a:port")]
    public void ParseList_NotAUrl_SaysSoWithoutCredentials(string urls)
    {
        var error = Assert.Throws<FormatException>(() => ServerAddress.ParseList(urls));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
