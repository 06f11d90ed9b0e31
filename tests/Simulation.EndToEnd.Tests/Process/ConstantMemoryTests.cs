using System.Globalization;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>A night is many half hours: in one of them, at a thousand messages a second and with chaos, the harness grows by nothing. <c>SIMULATION_SOAK=1 dotnet test --filter Category=Soak</c>.</summary>
public sealed class ConstantMemoryTests : ProcessTest
{
    private const string AThousandASecond =
        """
        simulation: {duration: 30m, seed: 6}
        partitions: {count: 100, message_rate_per_partition: 10}
        producers: {count: 5}
        workers: {count: 10, processing_delay: {min: 0ms, max: 2ms}}
        metrics: {prometheus: {port: 0}, linger: 0s}
        checkpointing: {enabled: true, interval: 1m}
        history: {keep: 2m}
        chaos:
          enabled: true
          interval: 20s-40s
          max_concurrent: 2
          warmup: 30s
          events:
            - worker_crash
            - worker_restart
            - worker_pause
            - producer_crash
            - leader_failure
            - slow_consumer
            - nats_disconnect
            - network_latency
            - network_partition
            - half_open
            - consumer_ack_loss
            - kv_lease_delete
        """;

    private const long MostBytes = 5_000_000;

    /// <summary>A window: the first begins after five minutes, the last one ends with the sending.</summary>
    private const int Seconds = 300;

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task HalfAnHour_AThousandMessagesASecondWithChaos_MemoryThreadsAndDescriptorsStayWhatTheyWere()
    {
        Soak.Require();
        await File.WriteAllTextAsync(Path.Combine(Folder, "soak.yaml"), AThousandASecond);
        await using SimulationProcess run = SimulationProcess.Start(Folder, ["--config", "soak.yaml"], patience: TimeSpan.FromMinutes(45));
        await run.ExitsAsync(0);

        long[][] samples = [.. Rows(Path.Combine(run.RunFolder, "metrics.csv"))
            .Where(row => row["phase"] == "running" && row["memory_bytes"].Length > 0)
            .Select(row => new[] { row["memory_bytes"], row["threads"], row["handles"] }.Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        long[][] before = samples[Seconds..(2 * Seconds)];
        long[][] after = samples[^Seconds..];
        Assert.True(samples.Length > 5 * Seconds, $"{samples.Length} seconds were sampled");

        long grown = Median(after, 0) - Median(before, 0);
        Assert.True(grown < MostBytes, $"memory grew by {grown} bytes, from {Median(before, 0)} to {Median(after, 0)}");
        AssertNotMore("threads", before, after, 1);
        AssertNotMore("descriptors", before, after, 2);
    }

    private static long Median(long[][] samples, int column) => samples.Select(sample => sample[column]).Order().ElementAt(samples.Length / 2);

    /// <summary>Both go up and down with what is broken. What leaks never comes back to where it was.</summary>
    private static void AssertNotMore(string what, long[][] before, long[][] after, int column)
    {
        long most = before.Max(sample => sample[column]);
        long fewest = after.Min(sample => sample[column]);
        Assert.True(fewest <= most && Median(after, column) <= most, $"{what}: at most {most} before, at least {fewest} and mostly {Median(after, column)} after");
    }

    private static IEnumerable<Dictionary<string, string>> Rows(string file)
    {
        string[] lines = File.ReadAllLines(file);
        string[] names = lines[0].Split(',');
        return lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(field => field.First, field => field.Second));
    }
}
