using Simulation.Host.CommandLine;
using Simulation.Host.Run;
using Simulation.Host.Tests.CommandLine;

namespace Simulation.Host.Tests.Reports;

/// <summary>One run in the virtual world, with faults and thresholds, that several tests look at; they copy what they change.</summary>
public sealed class ReportedRun : IAsyncLifetime
{
    public const string Configuration =
        """
        simulation: {duration: 3m, world: virtual, seed: 11}
        partitions: {count: 20, message_rate_per_partition: 0.5}
        producers: {count: 2}
        workers: {count: 4, processing_delay: {min: 5ms, max: 40ms}}
        metrics: {prometheus: {enabled: false}}
        chaos:
          enabled: true
          scheduled:
            - {at: 40s, event: worker_crash, targets: worker-1}
            - {at: 1m20s, event: server_kill, for: 5s}
        thresholds:
          - {metric: publish_latency.p99, below: 1s, scope: steady}
          - {metric: recovery.worker_crash.max, below: 1ms}
          - {metric: recovery.leader_failure.max, below: 1m}
        """;

    private readonly TemporaryFolder _folder = new();

    internal string Path { get; private set; } = "";

    internal ExitCode ExitCode { get; private set; }

    internal string Output { get; private set; } = "";

    internal string StepSummary { get; private set; } = "";

    public async Task InitializeAsync()
    {
        string summary = _folder.Write("step-summary.md", "# before\n");
        var composition = new RunComposition();
        var runner = new CommandRunner
        {
            Run = composition.RunAsync,
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("GITHUB_STEP_SUMMARY", summary),
        };
        string runs = System.IO.Path.Combine(_folder.Path, "runs");
        ExitCode = await runner.ExecuteAsync("run", "--config", _folder.Write("run.yaml", Configuration), "--output", runs, "--quiet");
        Output = runner.Output;
        StepSummary = await File.ReadAllTextAsync(summary);
        Path = Directory.GetDirectories(runs).Single();
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>The same folder, to be damaged.</summary>
    internal string Copy(TemporaryFolder target)
    {
        string copy = System.IO.Path.Combine(target.Path, Guid.NewGuid().ToString("n"));
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            string to = System.IO.Path.Combine(copy, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }
}
