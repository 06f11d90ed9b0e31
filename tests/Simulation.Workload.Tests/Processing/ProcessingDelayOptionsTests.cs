using Simulation.Kernel;

namespace Simulation.Workload.Tests.Processing;

public sealed class ProcessingDelayOptionsTests
{
    private static readonly ProcessingDelayOptions Options = new() { Min = TimeSpan.FromMilliseconds(10), Max = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public void Next_ManyDraws_SpreadEvenlyBetweenTheBounds()
    {
        var random = RandomStream.Derive(1, "worker");

        var draws = Enumerable.Range(0, 40_000).Select(_ => Options.Next(random)).ToArray();

        Assert.All(draws, delay => Assert.InRange(delay, Options.Min, Options.Max));
        Assert.All(draws.CountBy(delay => (int)(delay.TotalMilliseconds / 10)).Where(bin => bin.Key < 5), bin => Assert.InRange(bin.Value, 9_500, 10_500));
    }

    [Fact]
    public void Next_SameStream_GivesTheSameDelays()
    {
        var left = RandomStream.Derive(1, "worker");
        var right = RandomStream.Derive(1, "worker");

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(Options.Next(left), Options.Next(right)));
    }

    [Fact]
    public void Next_EqualBounds_IsThatDelay()
    {
        var none = new ProcessingDelayOptions { Min = TimeSpan.Zero, Max = TimeSpan.Zero };

        Assert.Equal(TimeSpan.Zero, none.Next(RandomStream.Derive(1, "worker")));
    }
}
