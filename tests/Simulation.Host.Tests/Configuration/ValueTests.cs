using Simulation.Chaos;
using Simulation.Host.Configuration.Values;
using Simulation.Kernel;

namespace Simulation.Host.Tests.Configuration;

public sealed class ValueTests
{
    [Theory]
    [InlineData("250ms", 0.25, "250ms")]
    [InlineData("10s", 10, "10s")]
    [InlineData("5m", 300, "5m")]
    [InlineData("12h", 43200, "12h")]
    [InlineData("1h30m", 5400, "1h30m")]
    [InlineData("90m", 5400, "1h30m")]
    [InlineData("2d", 172800, "2d")]
    [InlineData("1.5s", 1.5, "1s500ms")]
    [InlineData("0", 0, "0s")]
    public void Duration_Text_ReadsAndWritesBack(string text, double seconds, string canonical)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(seconds, duration.TotalSeconds);
        Assert.Equal(canonical, Duration.Format(duration));
        Assert.True(Duration.TryParse(canonical, out TimeSpan again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5x")]
    [InlineData("m5")]
    [InlineData("-5m")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("1..5s")]
    [InlineData("99999999999d")]
    public void Duration_NoDuration_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("10-30m", 600, 1800, "10m-30m")]
    [InlineData("30s-60s", 30, 60, "30s-1m")]
    [InlineData("1-1.5h", 3600, 5400, "1h-1h30m")]
    [InlineData("5m", 300, 300, "5m")]
    public void DurationRange_Text_ReadsAndWritesBack(string text, double min, double max, string canonical)
    {
        Assert.True(DurationRange.TryParse(text, out DurationRange range));
        Assert.Equal((min, max), (range.Min.TotalSeconds, range.Max.TotalSeconds));
        Assert.Equal(canonical, range.ToString());
        Assert.True(DurationRange.TryParse(canonical, out DurationRange again));
        Assert.Equal(range, again);
    }

    [Theory]
    [InlineData("10-30")]
    [InlineData("1m-2m-3m")]
    [InlineData("-5m")]
    public void DurationRange_NoRange_IsRefused(string text) => Assert.False(DurationRange.TryParse(text, out _));

    [Theory]
    [InlineData("512KB", 512_000, "512KB")]
    [InlineData("10GB", 10_000_000_000, "10GB")]
    [InlineData("64MiB", 67_108_864, "64MiB")]
    [InlineData("1.5kb", 1_500, "1500B")]
    [InlineData("256B", 256, "256B")]
    [InlineData("0B", 0, "0B")]
    public void ByteSize_Text_ReadsAndWritesBack(string text, long bytes, string canonical)
    {
        Assert.True(ByteSize.TryParse(text, out ByteSize size));
        Assert.Equal(bytes, size.Bytes);
        Assert.Equal(canonical, size.ToString());
    }

    [Theory]
    [InlineData("10")]
    [InlineData("GB")]
    [InlineData("-1KB")]
    [InlineData("99999999999TB")]
    public void ByteSize_NoSize_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
