using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Workload.Tests.Messages;

public sealed class NatsMessageIdTests
{
    [Fact]
    public void TryFormat_Identity_IsRunPartitionSequence() => Assert.Equal("run-7.12.345", Format("run-7", 12, 345));

    [Fact]
    public void TryFormat_LongestIdentity_TakesExactlyTheDeclaredLength() =>
        Assert.Equal(NatsMessageId.MaxLength(3), Format("run", int.MaxValue, long.MaxValue).Length);

    [Fact]
    public void TryFormat_AnyBufferThatIsTooSmall_WritesNothing()
    {
        for (var length = 0; length < "run-7.12.345".Length; length++)
        {
            Assert.False(new NatsMessageId("run-7"u8, 12, 345).TryFormat(new byte[length], out var written));
            Assert.Equal(0, written);
        }
    }

    [Theory]
    [InlineData("run")]
    [InlineData("2026-01-31.nightly")]
    public void TryParse_WhatWasFormatted_GivesItBack(string run) => Prop.ForAll(
        (NonNegativeInt partition, NonNegativeInt sequence) =>
        {
            var text = Encoding.UTF8.GetBytes(Format(run, partition.Item, sequence.Item));
            return NatsMessageId.TryParse(text, out var id)
                && Encoding.UTF8.GetString(id.Run) == run && id.Partition == partition.Item && id.Sequence == sequence.Item;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("run.1")]
    [InlineData(".1.2")]
    [InlineData("run..2")]
    [InlineData("run.1.")]
    [InlineData("run.1.2x")]
    [InlineData("run.01.2")]
    [InlineData("run.-1.2")]
    [InlineData("run.2147483648.2")]
    [InlineData("run.1.9223372036854775808")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(NatsMessageId.TryParse(Encoding.UTF8.GetBytes(text), out _));

    private static string Format(string run, int partition, long sequence)
    {
        var runBytes = Encoding.UTF8.GetBytes(run);
        var buffer = new byte[NatsMessageId.MaxLength(runBytes.Length)];
        Assert.True(new NatsMessageId(runBytes, partition, sequence).TryFormat(buffer, out var written));
        return Encoding.UTF8.GetString(buffer, 0, written);
    }
}
