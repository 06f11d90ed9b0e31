using System.Collections.Immutable;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;

namespace Simulation.Browser.Tests;

/// <summary>Two runs in the virtual world, one of them violated, whose pages are looked at.</summary>
public sealed class ReportedRuns : IAsyncLifetime
{
    private const string Configuration =
        """
        simulation: {duration: 5m, world: virtual, seed: 7}
        partitions: {count: 40, message_rate_per_partition: 0.5}
        producers: {count: 2}
        workers: {count: 6, processing_delay: {min: 5ms, max: 40ms}}
        metrics: {prometheus: {enabled: false}}
        chaos:
          enabled: true
          scheduled:
            - {at: 40s, event: worker_crash, targets: worker-1}
            - {at: 1m20s, event: network_latency, targets: all, latency: 50ms, for: 20s}
            - {at: 2m20s, event: server_kill, for: 8s}
            - {at: 3m30s, event: scale_up}
        thresholds:
          - {metric: end_to_end_latency.p99, below: 100ms, scope: steady}
          - {metric: lag.max, below: 5}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("simulation-browser-").FullName;

    /// <summary>report.html of a run that passed, but for a threshold.</summary>
    public string Passed { get; private set; } = "";

    /// <summary>report.html of one with messages to show.</summary>
    public string Violated { get; private set; } = "";

    /// <summary>The page that sets the second beside the first.</summary>
    public string Comparison { get; private set; } = "";

    public async Task InitializeAsync()
    {
        string configuration = Path.Combine(_folder, "run.yaml");
        await File.WriteAllTextAsync(configuration, Configuration);
        Passed = await RunAsync(configuration, "passed");
        Violated = await RunAsync(configuration, "violated", "--set", "guarantees.effectively_once=true");
        Comparison = Path.Combine(_folder, "compare.html");
        await ExecuteAsync("compare", Path.GetDirectoryName(Passed)!, Path.GetDirectoryName(Violated)!, "--html", Comparison);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private async Task<string> RunAsync(string configuration, string name, params string[] more)
    {
        string output = Path.Combine(_folder, name);
        await ExecuteAsync(["run", "--config", configuration, "--output", output, "--quiet", .. more]);
        return Path.Combine(Directory.GetDirectories(output).Single(), "report.html");
    }

    private static async Task ExecuteAsync(params string[] arguments) => await new Application(new Surroundings
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Environment = ImmutableDictionary<string, string>.Empty,
        Composition = new RunComposition(),
    }).RunAsync(arguments);
}
