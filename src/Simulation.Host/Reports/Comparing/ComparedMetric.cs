using Simulation.History;
using Simulation.Host.Reports.Html;

namespace Simulation.Host.Reports.Comparing;

/// <summary>What is compared of two runs.</summary>
/// <param name="Name">In words.</param>
/// <param name="Show">A value, as people read it.</param>
/// <param name="LessIsBetter">Otherwise more is.</param>
/// <param name="IsJudged">Whether being worse in it makes the second run worse; what else runs on the machine is not the run's doing.</param>
/// <param name="Negligible">A difference below this, in the metric's unit, is none, however large a share of next to nothing it is.</param>
/// <param name="Prepare">Blocks to a function that says what a sample of them, by index, amounts to; null when they do not hold it.</param>
internal sealed record ComparedMetric(
    string Name, Func<double, string> Show, bool LessIsBetter, bool IsJudged, double Negligible, Func<IReadOnlyList<SteadyBlock>, Func<int[], double>?> Prepare)
{
    public static IReadOnlyList<ComparedMetric> All { get; } =
    [
        Latency("publish latency, p50", block => block.Publish, 50),
        Latency("publish latency, p99", block => block.Publish, 99),
        Latency("end-to-end latency, p50", block => block.EndToEnd, 50),
        Latency("end-to-end latency, p99", block => block.EndToEnd, 99),
        new("processed", Html.Show.Rate, LessIsBetter: false, IsJudged: true, Negligible: 0, blocks => Mean(blocks, block => block.Received, block => block.Seconds)),
        new("lag, mean, in messages", Html.Show.Number, LessIsBetter: true, IsJudged: true, Negligible: 1, blocks => Mean(blocks, block => block.Lag, block => block.Seconds)),
        new("processors used", Html.Show.Number, LessIsBetter: true, IsJudged: false, Negligible: 0, blocks => Mean(blocks, block => block.Cpu, block => block.CpuSeconds)),
    ];

    private static ComparedMetric Latency(string name, Func<SteadyBlock, LatencyHistogram> histogram, double percent) => new(
        name, seconds => Html.Show.Time(TimeSpan.FromSeconds(seconds)), LessIsBetter: true, IsJudged: true, Negligible: 0,
        blocks => blocks.Sum(block => histogram(block).Count) == 0 ? null : new LatencySample([.. blocks.Select(histogram)], percent).Of);

    private static Func<int[], double>? Mean(IReadOnlyList<SteadyBlock> blocks, Func<SteadyBlock, double> sum, Func<SteadyBlock, int> count) =>
        blocks.Any(block => count(block) == 0) ? null : sample => sample.Sum(index => sum(blocks[index])) / sample.Sum(index => count(blocks[index]));
}
