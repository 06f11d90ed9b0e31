using System.Text;

namespace Simulation.Partitioning.Tests.Assigning;

public sealed class StableHashTests
{
    /// <summary>Vectors published with FNV.</summary>
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void Fnv1A_PublishedVector_Matches(string text, ulong expected) =>
        Assert.Equal(expected, StableHash.Fnv1A(Encoding.UTF8.GetBytes(text)));

    /// <summary>Our own, so that a change of the hash cannot go unseen.</summary>
    [Theory]
    [InlineData("worker-0#0", 0x020f07d3b8a2dd42)]
    [InlineData("worker-7#42", 0x17a1c699c8ee9d60)]
    [InlineData("unit-17", 0x253ddf4b8ad771aa)]
    public void Of_RingKeys_NeverChange(string text, ulong expected) =>
        Assert.Equal(expected, StableHash.Of(text));

    [Theory]
    [InlineData("unit-", 0)]
    [InlineData("unit-", 1499)]
    [InlineData("worker-7#", 42)]
    public void OfNumbered_TextAndNumber_IsHashOfBothTogether(string text, int number) =>
        Assert.Equal(StableHash.Of($"{text}{number}"), StableHash.OfNumbered(StableHash.Fnv1A(Encoding.UTF8.GetBytes(text)), number));
}
