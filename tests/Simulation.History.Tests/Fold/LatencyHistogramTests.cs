using FsCheck;
using FsCheck.Fluent;

namespace Simulation.History.Tests.Fold;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_OfAnyValues_IsAtMostOne64thAboveTheTruth() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).NonEmptyListOf().Zip(Gen.Choose(0, 1000)).ToArbitrary(), pair =>
        {
            double percent = pair.Item2 / 10.0;
            int[] sorted = [.. pair.Item1.Order()];
            var histogram = new LatencyHistogram();
            foreach (int value in sorted)
            {
                histogram.Record(value);
            }

            long truth = sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)];
            long answer = (long)histogram.Percentile(percent).TotalMicroseconds;
            return answer >= truth && answer <= truth + (truth / 64) && histogram.Max == TimeSpan.FromMicroseconds(sorted[^1]);
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(99));

    [Fact]
    public void Record_BeyondTheScale_CountsAtItsEnd()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MaxValue);
        histogram.Record(-5);

        Assert.Equal(2, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(50));
    }
}
