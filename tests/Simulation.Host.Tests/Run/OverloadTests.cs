using Simulation.Host.CommandLine;
using Simulation.Host.Run;
using Simulation.Host.Tests.CommandLine;

namespace Simulation.Host.Tests.Run;

public sealed class OverloadTests
{
    private const string FallsBehind = "the heaviest partition gets 20 messages a second, and its worker, which takes 200 ms for each on average, processes 5: "
        + "at the end it is 900 behind, which takes longer than coordinator.validation_window (2m)";

    [Theory]
    [InlineData("partitions.message_rate_per_partition=20", FallsBehind)]
    [InlineData("partitions.message_rate_per_partition=20 coordinator.validation_window=3m", null)] // 900 at 5 a second.
    [InlineData("partitions.message_rate_per_partition=4.9", null)]
    [InlineData("partitions.message_rate_per_partition=20 workers.processing_delay.min=0 workers.processing_delay.max=0", null)]
    [InlineData("partitions.message_rate_per_partition=20 producers.unthrottled=true", null)]
    [InlineData("partitions.message_rate_per_partition=10 producers.rate_variation.enabled=true producers.rate_variation.min_multiplier=1 producers.rate_variation.max_multiplier=3", FallsBehind)]
    [InlineData("partitions.message_rate_per_partition=1.05 partitions.count=20 partitions.distribution=exponential partitions.weights.exponential.extreme_weight=381", FallsBehind)]
    public async Task Validate_DrainThatCannotEndInTime_IsNoted(string settings, string? why)
    {
        var runner = new CommandRunner();

        ExitCode code = await runner.ExecuteAsync(["validate", .. Settings(settings)]);

        Assert.Equal(ExitCode.Passed, code);
        Assert.Equal(why is not null, runner.Error.Contains($"note: valid, but the drain of a run will not end in time: {why}", StringComparison.Ordinal));
        Assert.Equal(why is null, runner.Error.Length == 0);
    }

    /// <summary>It goes on all the same: somebody may want to see just that.</summary>
    [Fact]
    public async Task Run_DrainThatCannotEndInTime_IsWarnedOf()
    {
        using var folder = new TemporaryFolder();
        var runner = new CommandRunner { Run = _ => Task.FromResult(new RunConclusion { Verdict = null }) };

        ExitCode code = await runner.ExecuteAsync(["run", "--output", folder.Path, "--set", "metrics.prometheus.enabled=false", .. Settings("partitions.message_rate_per_partition=20")]);

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains($"[WARN] The drain will not end in time: {FallsBehind}", runner.Error);
    }

    private static IEnumerable<string> Settings(string settings) =>
        $"partitions.count=1 simulation.duration=1m coordinator.validation_window=2m workers.processing_delay.min=100ms workers.processing_delay.max=300ms {settings}"
            .Split(' ').SelectMany(setting => new[] { "--set", setting });
}
