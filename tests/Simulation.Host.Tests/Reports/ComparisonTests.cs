using Simulation.Host.CommandLine;
using Simulation.Host.Reports;
using Simulation.Host.Reports.Comparing;
using Simulation.Host.Tests.CommandLine;

namespace Simulation.Host.Tests.Reports;

public sealed class ComparisonTests(ReportedRun run) : IClassFixture<ReportedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compare_TheSameLogsTwice_IsNotWorseAndLeavesAPage()
    {
        string copy = run.Copy(_folder);
        CommandRunner runner = await ExecuteAsync(ExitCode.Passed, "compare", run.Path, copy);
        Assert.Contains("The second run is not worse", runner.Output);
        Assert.DoesNotContain("differ in", runner.Output);
        string page = await File.ReadAllTextAsync(Path.Combine(copy, "compare-0000000b.html"));
        Assert.Contains("Not worse", page);
        Assert.DoesNotContain("http://", page);
    }

    [Fact]
    public async Task Compare_OtherWorldSameFolderOrNoRun_Exits64()
    {
        string copy = run.Copy(_folder);
        string manifest = Path.Combine(copy, "run.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"world\": \"virtual\"", "\"world\": \"real\"", StringComparison.Ordinal));
        Assert.Contains("simulation.world differs: virtual and real", (await ExecuteAsync(ExitCode.Usage, "compare", run.Path, copy)).Error);
        Assert.Contains("both are the same run", (await ExecuteAsync(ExitCode.Usage, "compare", run.Path, run.Path)).Error);
        Assert.Contains("is not the folder of a run", (await ExecuteAsync(ExitCode.Usage, "compare", run.Path, _folder.Path)).Error);
        Assert.Contains("is not a share", (await ExecuteAsync(ExitCode.Usage, "compare", run.Path, copy, "--tolerance", "much")).Error);
    }

    [Fact]
    public async Task Compare_OtherConfiguration_SaysInWhatTheyDiffer()
    {
        string copy = run.Copy(_folder);
        string manifest = Path.Combine(copy, "run.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"assignment_strategy\": \"ConsistentHash\"", "\"assignment_strategy\": \"RoundRobin\"", StringComparison.Ordinal));
        Assert.Contains("differ in workers.assignment_strategy: ConsistentHash, RoundRobin", (await ExecuteAsync(ExitCode.Passed, "compare", run.Path, copy)).Output);
    }

    [Theory]
    [InlineData(1.0, 0.1, nameof(ChangeKind.Same))]
    [InlineData(1.5, 0.1, nameof(ChangeKind.Worse))]
    [InlineData(1.05, 0.1, nameof(ChangeKind.Same))]
    [InlineData(0.5, 0.1, nameof(ChangeKind.Better))]
    public void Change_ValuesThatVaryLittle_IsFoundBeyondTheTolerance(double factor, double tolerance, string expected) =>
        Assert.Equal(expected, KindOf(factor, noise: 0.02, blocks: 60, tolerance).ToString());

    [Fact]
    public void Change_ValuesThatVaryMuch_IsNotCalledWorse() => Assert.Equal(nameof(ChangeKind.Unclear), KindOf(1.15, noise: 1.2, blocks: 8, 0.1).ToString());

    /// <summary>A hundred pairs of equals: hardly any may be called worse.</summary>
    [Fact]
    public void Change_EqualsAgainAndAgain_AreNotCalledWorse()
    {
        var dice = new Random(5);
        int worse = Enumerable.Range(0, 100).Count(_ => KindOf(1, noise: 0.5, blocks: 40, tolerance: 0, dice) is ChangeKind.Worse);
        Assert.InRange(worse, 0, 4);
    }

    /// <summary>Ten times next to nothing is next to nothing.</summary>
    [Theory]
    [InlineData(0.01, 0.1, nameof(ChangeKind.Same))]
    [InlineData(0, 0.9, nameof(ChangeKind.Same))]
    [InlineData(0, 5, nameof(ChangeKind.Worse))]
    [InlineData(10, 100, nameof(ChangeKind.Worse))]
    [InlineData(100, 10, nameof(ChangeKind.Better))]
    public void Change_OfTheLag_CountsFromOneMessage(double first, double second, string expected)
    {
        ComparedMetric lag = ComparedMetric.All.Single(metric => metric.Name == "lag, mean, in messages");
        double change = Bootstrap.Ratio(first, second);
        Assert.Equal(expected, new MetricChange(lag, first, second, change, change, 0.1).Kind.ToString());
    }

    [Theory]
    [InlineData(0.1, "+10 %")]
    [InlineData(-0.25, "-25 %")]
    [InlineData(8, "+800 %")]
    [InlineData(1298, "x 1,299")]
    [InlineData(double.PositiveInfinity, "from 0")]
    public void Percent_OfAChange_ReadsWell(double share, string expected) => Assert.Equal(expected, ComparisonText.Percent(share));

    private static ChangeKind KindOf(double factor, double noise, int blocks, double tolerance, Random? dice = null)
    {
        dice ??= new Random(1);
        double[] first = [.. Enumerable.Range(0, blocks).Select(_ => 10 * (1 + (noise * dice.NextDouble())))];
        double[] second = [.. Enumerable.Range(0, blocks).Select(_ => factor * 10 * (1 + (noise * dice.NextDouble())))];
        double Mean(double[] values, int[] sample) => sample.Average(index => values[index]);
        (double low, double high) = Bootstrap.Change(sample => Mean(first, sample), blocks, sample => Mean(second, sample), blocks, 0.99);
        ComparedMetric latency = ComparedMetric.All.Single(metric => metric.Name == "publish latency, p50");
        return new MetricChange(latency, first.Average(), second.Average(), low, high, tolerance).Kind;
    }

    private static async Task<CommandRunner> ExecuteAsync(ExitCode expected, params string[] arguments)
    {
        var runner = new CommandRunner();
        ExitCode exitCode = await runner.ExecuteAsync(arguments);
        Assert.True(expected == exitCode, $"{exitCode}: {runner.Output}{runner.Error}");
        return runner;
    }
}
