using Simulation.Host.Reports;

namespace Simulation.Host.Tests.Reports;

public sealed class ProcessSamplerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_WallClockIsPutBackByAnHour_GoOnSecondBySecond()
    {
        string file = Path.Combine(_folder.Path, "process.csv");
        var time = new SteppedTime();
        using (var sampler = new ProcessSampler(file, time))
        {
            Assert.True(SpinWait.SpinUntil(() => sampler.Now is not null, Patience));
            time.Step = -TimeSpan.FromHours(1);
            Assert.True(SpinWait.SpinUntil(() => sampler.Now is { Cpu: not null }, Patience));
        }

        long[] seconds = [.. File.ReadLines(file).Skip(1).Select(line => ProcessSample.Parse(line)!.UnixSeconds)];
        Assert.Equal(seconds.Order(), seconds);
        Assert.InRange(seconds[^1] - seconds[0], 1, (long)Patience.TotalSeconds);
    }

    /// <summary>The system's, but for the wall clock, which somebody sets.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;
    }
}
