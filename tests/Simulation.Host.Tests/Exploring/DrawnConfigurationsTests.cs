using System.Globalization;
using Simulation.Host.CommandLine;
using Simulation.Host.Tests.CommandLine;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Exploring;

/// <summary>
/// A schedule meets a bug only in a configuration that has room for it: a worker that reads one message ahead, a group of partitions, a lease of two
/// seconds. So configurations are drawn, too; none of them asks for what costs messages, or for more than its workers can do.
/// </summary>
public sealed class DrawnConfigurationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Explore_TwelveOfThem_NothingIsViolated() => ExploreAsync(count: 12, seedsOfEach: 2);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Explore_FiveHundredOfThem_NothingIsViolated()
    {
        Soak.Require("half an hour");
        return ExploreAsync(count: 500, seedsOfEach: 12);
    }

    private async Task ExploreAsync(int count, int seedsOfEach)
    {
        for (int number = 1; number <= count; number++)
        {
            string[] settings = [.. Draw(new Random(number))];
            var runner = new CommandRunner();

            ExitCode code = await runner.ExecuteAsync(
                ["explore", "--output", _folder.Path, "--seeds", $"{number * 100}..{(number * 100) + seedsOfEach - 1}", .. settings.SelectMany(setting => new[] { "--set", setting })]);

            // A fault that cannot show in a drawn configuration makes a seed inconclusive, and that is the truth.
            Assert.True(code is ExitCode.Passed or ExitCode.Inconclusive, $"{number}: {code}\n{string.Join('\n', settings)}\n{runner.Error}\n{runner.Output}");
        }
    }

    private static IEnumerable<string> Draw(Random random)
    {
        T One<T>(params T[] choices) => choices[random.Next(choices.Length)];
        int partitions = One(1, 2, 3, 8, 20, 60, 120), least = One(0, 1, 10, 50), most = least + One(0, 5, 50, 400), servers = One(1, 1, 3);
        double mostRate = 600.0 / Math.Max(1, least + most); // Of messages a second, should all of them be one partition's.
        string rate = (Math.Min(One(2, 10, 25), mostRate) / partitions).ToString("0.######", CultureInfo.InvariantCulture);
        return
        [
            $"simulation.duration={One("1m", "2m", "4m")}",
            $"partitions.count={partitions}",
            $"partitions.message_rate_per_partition={rate}",
            $"partitions.distribution={One("uniform", "exponential")}",
            $"partitions.arrivals={One("even", "poisson")}",
            $"producers.count={Math.Min(One(1, 2, 3, 5), partitions)}",
            $"producers.ordered={One("true", "true", "false")}",
            $"producers.publish_window={One(1, 4, 256)}",
            $"producers.publish_timeout={One("1s", "5s")}",
            $"producers.retry_backoff={One("50ms", "200ms", "1s")}",
            $"workers.count={One(1, 2, 3, 4, 6, 10)}",
            $"workers.assignment_strategy={One("ConsistentHash", "WeightedConsistentHash", "RoundRobin")}",
            $"workers.processing_delay.min={least}ms",
            $"workers.processing_delay.max={most}ms",
            $"workers.consumers.layout={One("per_partition", "per_group")}",
            $"workers.consumers.group_size={One(1, 2, 5, 15)}",
            $"workers.consumers.ack_wait={One("2s", "5s", "30s")}",
            $"workers.consumers.max_ack_pending={One(1, 2, 20, 1000)}",
            $"workers.consumers.outstanding={One(1, 2, 64)}",
            $"workers.consumers.pull_expires={One("1s", "5s", "30s")}",
            $"workers.group.lease_ttl={One("2s", "5s", "15s", "30s")}",
            $"workers.group.cold_start_window={One("0s", "500ms", "3s")}",
            $"workers.group.planned_change_window={One("0s", "200ms", "1s", "3s")}",
            $"nats.version={One("2.9.10", "2.10.27", "2.15.1")}",
            $"nats.cluster.size={servers}",
            $"nats.jetstream.replicas={servers}",
        ];
    }
}
