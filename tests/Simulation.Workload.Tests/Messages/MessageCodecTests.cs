using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Workload.Tests.Messages;

public sealed class MessageCodecTests
{
    private static readonly MessageHeader Header = new(12, 1, 345, 3456, 1_767_225_600_000_000, 100);

    private static readonly MessageHeader Longest =
        new(int.MaxValue, int.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue);

    [Fact]
    public void TryWrite_Header_IsTheDocumentedLine()
    {
        var body = Encode(Header, 256);

        Assert.Equal(256, body.Length);
        Assert.StartsWith(
            "{\"partition_id\":12,\"producer_id\":1,\"partition_sequence\":345,\"producer_sequence\":3456,"
            + "\"timestamp\":1767225600000000,\"weight\":100}\n",
            Encoding.Latin1.GetString(body));
    }

    [Fact]
    public void TryWrite_PayloadAndChecksum_AreTheDocumentedBytes()
    {
        // Computed from docs/message-format.md by another program.
        const string expected = "CD7DA5AF1B11CB482189279A57E72BBE98266CE4DB6B2DAB9A9018D36365995A";

        var body = Encode(Header, 160);

        Assert.Equal(expected, Convert.ToHexString(body.AsSpan(body.AsSpan().IndexOf((byte)'\n') + 1)));
    }

    [Fact]
    public void TryWrite_Body_IsReadByAnOrdinaryJsonParser()
    {
        var reader = new Utf8JsonReader(Encode(Header, 256), isFinalBlock: false, default);
        using var document = JsonDocument.ParseValue(ref reader);

        Assert.Equal(345, document.RootElement.GetProperty("partition_sequence").GetInt64());
        Assert.Equal(6, document.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public void TryWrite_LongestHeader_TakesExactlyTheDeclaredOverhead()
    {
        Assert.Equal(190, MessageCodec.MaxOverhead);
        Assert.Equal(MessageCodec.MaxOverhead, Encode(Longest, MessageOptions.MinSize).Length);
    }

    [Fact]
    public void TryRead_WhatWasWritten_GivesItBack() => Prop.ForAll(
        Headers().ToArbitrary(), Gen.Choose(MessageOptions.MinSize, 1000).ToArbitrary(), (header, size) =>
        {
            var body = Encode(header, size);
            return MessageCodec.TryRead(body, out var read, out var problem) && read == header && problem == MessageProblem.None
                && (body.Length == size || (body.Length > size && body.Length <= MessageCodec.MaxOverhead));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(MessageOptions.MinSize)]
    [InlineData(256)]
    [InlineData(777)]
    public void TryRead_AnySingleBitFlipped_IsNoticed(int size)
    {
        var body = Encode(Header, size);
        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            body[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(MessageCodec.TryRead(body, out var header, out var problem), $"Bit {bit} was flipped unnoticed.");
            Assert.NotEqual(MessageProblem.None, problem);
            Assert.Equal(default, header);

            body[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(MessageCodec.TryRead(body, out _, out _));
    }

    [Theory]
    [InlineData(MessageOptions.MinSize)]
    [InlineData(256)]
    [InlineData(777)]
    public void TryRead_CutAtAnyByte_IsNoticed(int size)
    {
        var body = Encode(Header, size);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(MessageCodec.TryRead(body.AsSpan(0, length), out _, out _), $"A body cut to {length} bytes was accepted.");
        }
    }

    [Fact]
    public void TryRead_GrownByAnyBytes_IsNoticed() => Prop.ForAll((NonEmptyArray<byte> tail) =>
        !MessageCodec.TryRead([.. Encode(Header, 256), .. tail.Item], out _, out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void TryRead_AnyBytes_AreRefused() =>
        Prop.ForAll((byte[] bytes) => !MessageCodec.TryRead(bytes, out _, out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void TryRead_PayloadOfAnotherMessageUnderAFittingChecksum_IsNoticed()
    {
        var body = Encode(Header, 256);
        var other = Encode(Header with { PartitionSequence = 346 }, 256);
        other.AsSpan(200).CopyTo(body.AsSpan(200));
        WriteChecksum(body);

        Assert.False(MessageCodec.TryRead(body, out _, out var problem));
        Assert.Equal(MessageProblem.WrongPayload, problem);
    }

    [Theory]
    [InlineData("\"weight\":100}", "\"weight\":0100}")]
    [InlineData("\"weight\":100}", "\"weight\":+100}")]
    [InlineData("\"weight\":100}", "\"weight\":}")]
    [InlineData("\"weight\":100}", "\"weight\": 100}")]
    [InlineData("\"weight\":100}", "\"weight\":2147483648}")]
    [InlineData("\"timestamp\":1767225600000000", "\"timestamp\":9223372036854775808")]
    [InlineData("\"producer_id\"", "\"producer\"")]
    public void TryRead_HeaderInAnotherSpelling_IsMalformedThoughItsChecksumFits(string original, string replacement)
    {
        var text = Encoding.Latin1.GetString(Encode(Header, 256));
        var body = Encoding.Latin1.GetBytes(text.Replace(original, replacement, StringComparison.Ordinal));
        WriteChecksum(body);

        Assert.False(MessageCodec.TryRead(body, out _, out var problem));
        Assert.Equal(MessageProblem.MalformedHeader, problem);
    }

    [Fact]
    public void TryRead_FlippedPayloadByte_IsAWrongChecksum()
    {
        var body = Encode(Header, 256);
        body[200] ^= 0xFF;

        Assert.False(MessageCodec.TryRead(body, out _, out var problem));
        Assert.Equal(MessageProblem.WrongChecksum, problem);
    }

    [Fact]
    public void TryWrite_AnyBufferThatIsTooSmall_WritesNothing()
    {
        var whole = Encode(Header, 256);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(MessageCodec.TryWrite(new byte[length], Header, 256, out var written));
            Assert.Equal(0, written);
        }
    }

    [Fact]
    public void TryWrite_LargestSize_RoundTrips()
    {
        var body = Encode(Header, MessageOptions.MaxSize);

        Assert.Equal(MessageOptions.MaxSize, body.Length);
        Assert.True(MessageCodec.TryRead(body, out var header, out _));
        Assert.Equal(Header, header);
    }

    [Fact]
    public void WriteAndRead_ManyMessages_AllocateNothing()
    {
        var buffer = new byte[MessageCodec.BufferSize(256)];
        RoundTrip(buffer, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrip(buffer, 10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ChecksumOf_WholeBody_CoversEverythingBeforeIt()
    {
        var body = Encode(Header, 256);

        Assert.Equal(Crc32C.Compute(body.AsSpan(0, 252)), MessageCodec.ChecksumOf(body));
    }

    [Fact]
    public void Crc32C_CheckString_GivesThePublishedValue() => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    private static void RoundTrip(byte[] buffer, int times)
    {
        for (var sequence = 1; sequence <= times; sequence++)
        {
            if (!MessageCodec.TryWrite(buffer, Header with { PartitionSequence = sequence }, 256, out var written)
                || !MessageCodec.TryRead(buffer.AsSpan(0, written), out _, out _))
            {
                throw new InvalidOperationException($"Message {sequence} did not come back.");
            }
        }
    }

    private static byte[] Encode(MessageHeader header, int size)
    {
        var buffer = new byte[MessageCodec.BufferSize(size)];
        Assert.True(MessageCodec.TryWrite(buffer, header, size, out var written));
        return buffer[..written];
    }

    private static void WriteChecksum(byte[] body) =>
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(body.Length - 4), Crc32C.Compute(body.AsSpan(0, body.Length - 4)));

    private static Gen<MessageHeader> Headers() =>
        from ints in Numbers(int.MaxValue).Three()
        from longs in Numbers(long.MaxValue).Three()
        select new MessageHeader((int)ints.Item1, (int)ints.Item2, longs.Item1, longs.Item2, longs.Item3, (int)ints.Item3);

    /// <summary>Numbers of every length.</summary>
    private static Gen<long> Numbers(long max) =>
        from shift in Gen.Choose(1, 63)
        from value in ArbMap.Default.GeneratorFor<ulong>()
        select Math.Min(max, (long)((value * 0x9E3779B97F4A7C15) >> shift));
}
