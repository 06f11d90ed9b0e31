using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Workload.Tests.Arrivals;

public sealed class LoadCurveTests
{
    private static readonly RateVariationOptions Varied = new() { Enabled = true };

    [Fact]
    public void MultiplierAt_NotEnabled_IsOne()
    {
        var curve = new LoadCurve(new RateVariationOptions(), seed: 1);

        Assert.Equal(1, curve.MultiplierAt(TimeSpan.FromHours(3)));
        Assert.Equal(10_800, curve.LoadAt(TimeSpan.FromHours(3)));
        Assert.Equal(TimeSpan.FromHours(3), curve.TimeOf(10_800));
    }

    [Fact]
    public void MultiplierAt_Start_IsOneOrTheNearestThatIsAllowed()
    {
        Assert.Equal(1, new LoadCurve(Varied, seed: 1).MultiplierAt(TimeSpan.Zero));
        Assert.Equal(1.5, new LoadCurve(Varied with { MinMultiplier = 1.5 }, seed: 1).MultiplierAt(TimeSpan.Zero));
    }

    [Fact]
    public void MultiplierAt_WithinOneRamp_MovesLinearly()
    {
        var curve = new LoadCurve(Varied, seed: 5);
        var ramp = Varied.RampInterval;

        for (var number = 0; number < 20; number++)
        {
            var from = curve.MultiplierAt(ramp * number);
            var to = curve.MultiplierAt(ramp * (number + 1));
            Assert.NotEqual(from, to);
            Assert.Equal(from + ((to - from) / 4), curve.MultiplierAt(ramp * (number + 0.25)), precision: 9);
        }
    }

    [Fact]
    public void MultiplierAt_AnyOrderOfQuestions_GivesTheSameAnswers() => Prop.ForAll((ulong seed, PositiveInt[] minutes) =>
    {
        var times = minutes.Select(minute => TimeSpan.FromMinutes(minute.Item)).ToArray();
        var inOrder = new LoadCurve(Varied, seed);
        var backwards = new LoadCurve(Varied, seed);

        var expected = times.Distinct().Order().ToDictionary(time => time, inOrder.MultiplierAt);
        return times.OrderDescending().All(time => backwards.MultiplierAt(time) == expected[time]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void MultiplierAt_LongRun_StaysWithinItsBoundsAndReachesTowardsThem()
    {
        var curve = new LoadCurve(Varied, seed: 2);

        var values = Enumerable.Range(0, 20_000).Select(minute => curve.MultiplierAt(TimeSpan.FromMinutes(minute))).ToArray();

        Assert.InRange(values.Min(), 0.5, 0.51);
        Assert.InRange(values.Max(), 1.99, 2.0);
        Assert.Equal(1.25, values.Average(), tolerance: 0.02);
    }

    [Fact]
    public void LoadAt_AnyTime_IsTheAreaUnderTheMultiplier()
    {
        var curve = new LoadCurve(Varied with { RampInterval = TimeSpan.FromSeconds(7) }, seed: 11);

        // The trapezoid rule is exact on a line, and 100 ms steps meet every corner of the curve.
        var area = 0.0;
        var before = 1.0;
        for (var step = 1; step <= 3_000; step++)
        {
            var multiplier = curve.MultiplierAt(TimeSpan.FromMilliseconds(100 * step));
            area += (before + multiplier) / 2 * 0.1;
            before = multiplier;
            Assert.Equal(area, curve.LoadAt(TimeSpan.FromMilliseconds(100 * step)), precision: 8);
        }
    }

    [Fact]
    public void TimeOf_LoadAt_IsTheInverseToTheTick() => Prop.ForAll(
        (ulong seed, PositiveInt milliseconds, PositiveInt rampSeconds) =>
        {
            var curve = new LoadCurve(Varied with { RampInterval = TimeSpan.FromSeconds(rampSeconds.Item) }, seed);
            var time = TimeSpan.FromMilliseconds(milliseconds.Item * 7919L);
            return Math.Abs((curve.TimeOf(curve.LoadAt(time)) - time).Ticks) <= 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TimeOf_ConstantMultiplier_HasNoSlopeToDivideBy()
    {
        var curve = new LoadCurve(Varied with { MinMultiplier = 2, MaxMultiplier = 2 }, seed: 1);

        Assert.Equal(TimeSpan.FromHours(12), curve.TimeOf(2 * 12 * 3600));
    }

    [Fact]
    public void TimeOf_LoadThatNoRunReaches_IsNever() =>
        Assert.Equal(TimeSpan.MaxValue, new LoadCurve(Varied with { RampInterval = TimeSpan.FromMilliseconds(1) }, seed: 1).TimeOf(1e15));
}
