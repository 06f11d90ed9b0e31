using System.Text;
using Simulation.Nats.Security;

namespace Simulation.Nats.Tests.Security;

public sealed class NKeyTests
{
    [Fact]
    public void FromSeed_ItsOwnEncoding_GivesAUserKey()
    {
        string seed = NKey.EncodeSeed('U', Secret());
        Assert.StartsWith("SU", seed, StringComparison.Ordinal);
        Assert.Equal(58, seed.Length);
        NKey key = NKey.FromSeed(seed);
        Assert.StartsWith("U", key.PublicKey, StringComparison.Ordinal);
        Assert.Equal(56, key.PublicKey.Length);
    }

    [Fact]
    public void Sign_Rfc8032SecondVector_GivesItsSignature()
    {
        byte[] secret = Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        NKey key = NKey.FromSeed(NKey.EncodeSeed('U', secret));
        Assert.Equal(
            "92A009A9F0D4CAB8720E820B5F642540A2B27B5416503F8FB3762223EBDB69DA085AC1E43E15996E458F3613D0F11D8C387B2EAEB4302AEEB00D291612BB0C00",
            Convert.ToHexString(key.Sign([0x72])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(57)]
    public void FromSeed_OneLetterWrong_IsRefusedWithoutShowingIt(int position)
    {
        char[] seed = NKey.EncodeSeed('U', Secret()).ToCharArray();
        seed[position] = seed[position] == 'A' ? 'B' : 'A';
        var error = Assert.Throws<FormatException>(() => NKey.FromSeed(new string(seed)));
        Assert.DoesNotContain(new string(seed), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_Rfc4648Vectors_GoBothWays(string text, string encoded)
    {
        Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(text, Encoding.ASCII.GetString(Base32.Decode(encoded)));
    }

    private static byte[] Secret() => [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
}
