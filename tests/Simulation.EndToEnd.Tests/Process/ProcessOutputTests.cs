using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>What a user sees and keeps of a run.</summary>
public sealed partial class ProcessOutputTests : ProcessTest
{
    [SkippableFact]
    public async Task Run_Passed_LeavesAllThatIsPromised()
    {
        await using SimulationProcess run = Run();
        await run.ExitsAsync(0);

        AssertStreams(run);
        await AssertReportAsync(run);
        AssertMeasuredItself(run.RunFolder);
        (int exitCode, string checkedOutput, _) = await ExecuteAsync("check", run.RunFolder);
        Assert.Equal(0, exitCode);
        Assert.StartsWith(checkedOutput, run.Output);
        await AssertExportsAsync(run.RunFolder);
        await AssertRunsAgainAsync(run);
    }

    [SkippableFact]
    public async Task Metrics_DuringARun_TellWhatGoesOnAndPassPromtool()
    {
        await using SimulationProcess run = Run("simulation.duration=1h");
        string metrics;
        do
        {
            run.ThrowIfOver();
            await Task.Delay(100);
            metrics = await run.MetricsAsync();
        }
        while (Samples(metrics, "simulation_messages_received_total", "partition=").Count(received => received > 0) < 8);

        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);

        AssertMetrics(metrics);
        Assert.Equal("", await PrometheusPackage.CheckMetricsAsync(metrics));
    }

    [SkippableFact]
    public async Task Run_Quiet_PrintsOnlyTheVerdict()
    {
        await using SimulationProcess run = Run("simulation.duration=1s", "--quiet");
        await run.ExitsAsync(0);
        Assert.Empty(run.Error);
        Assert.StartsWith("Simulation complete: ", run.Output);
    }

    /// <summary>A soak whose output goes into a file on a disk that fills up: it goes on, and its folder and exit code tell what it found.</summary>
    [SkippableFact]
    public async Task Run_NothingCanBePrinted_GoesOnAndLeavesItsReport()
    {
        await using SimulationProcess run = Run(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/full 2>&1", SimulationProcess.Executable], "simulation.duration=1s", "--output unseen");
        await run.ExitsAsync(0);

        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(Folder, "unseen")));
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "report.json")));
        Assert.Equal("passed", report.RootElement.GetProperty("verdict").GetProperty("outcome").GetString());
    }

    /// <summary>A message that nobody of the run sent, and an interrupt: violated, with the evidence, for the run and for the check.</summary>
    [SkippableFact]
    public async Task Run_ForeignMessageInItsStream_IsViolatedWithTheEvidence()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await using SimulationProcess run = Run("nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h");
        await run.SaysAsync("running,");
        for (int i = 0; i < 12; i++)
        {
            await server.PublishAsync("edge.partition.3", "who am I?");
        }

        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(1);
        Assert.Contains("Verdict: violated\n  corrupt: 12\n", run.Output);
        Assert.Equal(10, Occurrences(run.Output, "corrupt: a message that does not say who it is"));
        Assert.Matches(@"\d\d:\d\d:\d\d\.\d{6}  worker-\d: received .* from stream sequence \d+", run.Output);
        Assert.Equal(12, (await File.ReadAllLinesAsync(Path.Combine(run.RunFolder, "violations.jsonl"))).Length);
        (int exitCode, string checkedOutput, _) = await ExecuteAsync("check", run.RunFolder);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(checkedOutput, run.Output);
    }

    /// <summary>The stream is emptied while its consumers lag behind: lost, and each message with who sent it, when, and where it lay.</summary>
    [SkippableFact]
    public async Task Run_StreamIsPurged_NamesTheLostMessages()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await using SimulationProcess run = Run(
            "nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h", "partitions.message_rate_per_partition=40",
            "workers.processing_delay.min=200ms", "workers.processing_delay.max=200ms", "workers.consumers.outstanding=1");
        await run.SaysAsync("running,");
        await server.ManageAsync(async connection =>
        {
            while ((await connection.GetStreamAsync("EDGE"))!.Messages < 200)
            {
            }

            await connection.PurgeStreamAsync("EDGE");
        });
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(1);

        Match lost = LostCount().Match(run.Output);
        Assert.True(lost.Success, run.Output);
        int count = int.Parse(lost.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(count > 10, run.Output);
        Assert.Equal(10, Occurrences(run.Output, "\nlost: partition "));
        Assert.True(10 <= FullyTold().Count(run.Output), run.Output);
        Assert.Equal(count, (await File.ReadAllLinesAsync(Path.Combine(run.RunFolder, "violations.jsonl"))).Count(line => line.Contains("\"class\":\"lost\"", StringComparison.Ordinal)));
    }

    [SkippableTheory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task Run_OnATerminal_HasColoursUnlessNoColorSaysNo(string? noColour, bool coloured)
    {
        const string Script = "/usr/bin/script";
        Skip.IfNot(File.Exists(Script), "needs script, of util-linux, for a terminal");
        var environment = new Dictionary<string, string?> { ["NO_COLOR"] = noColour, ["TERM"] = "xterm-256color" };
        string command = $"{SimulationProcess.Executable} --config run.yaml --duration 1s";
        await using SimulationProcess run = SimulationProcess.Start(Folder, ["-qec", command, "/dev/null"], environment, Script);
        await run.ExitsAsync(0);
        Assert.Contains("Verdict: passed", run.Output);
        Assert.Equal(coloured, Colour().IsMatch(run.Output));
    }

    private static void AssertStreams(SimulationProcess run)
    {
        Match summary = Regex.Match(run.Output, @"^Simulation complete: (\d+) messages sent, (\d+) received, 0 gaps, 0 duplicates\nVerdict: passed\n");
        Assert.True(summary.Success, run.Output);
        Assert.Equal(summary.Groups[1].Value, summary.Groups[2].Value);
        Assert.DoesNotContain("[INFO]", run.Output);
        Assert.All(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^\[\d\d:\d\d:\d\d\] \[INFO\] ", line));
        Assert.DoesNotContain('\e', run.Output + run.Error);
    }

    /// <summary>Memory and CPU are sampled, and stand beside what the history says of the same second.</summary>
    private static void AssertMeasuredItself(string folder)
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(folder, "metrics.csv")).Select(line => line.Split(','))];
        int memory = Array.IndexOf(lines[0], "memory_bytes"), cpu = Array.IndexOf(lines[0], "cpu_cores"), handles = Array.IndexOf(lines[0], "handles");
        bool isMeasured = lines.Skip(1).Any(line => line[memory].Length > 0 && long.Parse(line[memory], CultureInfo.InvariantCulture) > 10_000_000
            && line[cpu].Length > 0 && line[handles].Length > 0);
        Assert.True(isMeasured, $"{File.ReadAllText(Path.Combine(folder, "metrics.csv"))}\n{File.ReadAllText(Path.Combine(folder, "process.csv"))}");
        Assert.Contains("data-plot=\"memory\"", File.ReadAllText(Path.Combine(folder, "report.html")));
        Assert.True(File.Exists(Path.Combine(folder, "junit.xml")));
        Assert.True(File.Exists(Path.Combine(folder, "summary.md")));
    }

    private static async Task AssertReportAsync(SimulationProcess run)
    {
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "report.json")));
        JsonElement report = document.RootElement;
        JsonElement verdict = report.GetProperty("verdict");
        Assert.Equal(1, report.GetProperty("schema_version").GetInt32());
        Assert.Equal(0, report.GetProperty("exit_code").GetInt32());
        Assert.Equal(7, report.GetProperty("seed").GetInt32());
        Assert.Equal("passed", verdict.GetProperty("outcome").GetString());
        Assert.Equal(verdict.GetProperty("sent").GetInt64(), verdict.GetProperty("publish_latency").GetProperty("count").GetInt64());
        Assert.True(verdict.GetProperty("end_to_end_latency").GetProperty("p99_ms").GetDouble() > 0);
        Assert.Equal(8, report.GetProperty("configuration").GetProperty("partitions").GetProperty("count").GetInt32());
        Assert.NotEmpty(report.GetProperty("environment").GetProperty("versions").EnumerateObject());
        Assert.NotEmpty(report.GetProperty("environment").GetProperty("nats_servers").EnumerateArray());
    }

    private async Task AssertExportsAsync(string runFolder)
    {
        (_, string jsonl, _) = await ExecuteAsync("history", "export", "--format", "jsonl", runFolder);
        (_, string csv, _) = await ExecuteAsync("history", "export", "--format", "csv", runFolder);
        (_, string edn, _) = await ExecuteAsync("history", "export", "--format", "edn", runFolder);
        string[] records = jsonl.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(records.Length > 100);
        Assert.All(records, record => JsonDocument.Parse(record).Dispose());
        string[] rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(records.Length + 1, rows.Length);
        Assert.NotEmpty(edn);
        Assert.Equal(Occurrences(edn, "{"), Occurrences(edn, "}"));
    }

    /// <summary>The printed command, with the executable in the place of its name on the PATH.</summary>
    private async Task AssertRunsAgainAsync(SimulationProcess run)
    {
        string again = run.Output.Split('\n').Single(line => line.StartsWith("Again:", StringComparison.Ordinal))["Again:".Length..].Trim();
        Assert.StartsWith("simulation ", again);
        await using SimulationProcess second = Start([.. again.Split(' ').Skip(1), "--duration", "1s"]);
        await second.ExitsAsync(0);
        Assert.Contains("seed 7,", second.Error);
    }

    private static void AssertMetrics(string metrics)
    {
        double[] sent = Samples(metrics, "simulation_messages_sent_total", "partition=");
        double[] received = Samples(metrics, "simulation_messages_received_total", "partition=");
        Assert.Equal((8, 8), (sent.Length, received.Length));
        Assert.True(sent.Sum() > 0 && received.Sum() > 0, metrics);
        Assert.Equal([2], Samples(metrics, "simulation_workers_active"));
        Assert.Equal([0], Samples(metrics, "simulation_message_duplicates_total"));
        Assert.Single(Samples(metrics, "simulation_message_gaps_total"));
        Assert.Equal([1], Samples(metrics, "simulation_run_info", "seed=\"7\""));
        Assert.True(Samples(metrics, "simulation_partitions_per_worker_count").Single() > 0, metrics);
        Assert.True(Samples(metrics, "simulation_message_processing_duration_seconds_count").Single() > 0, metrics);
        Assert.True(Samples(metrics, "simulation_rebalancing_duration_seconds_count").Single() > 0, metrics);
        Assert.Contains("\ndotnet_", metrics);
        Assert.All(metrics.Split('\n').Where(line => line.Length > 0 && line[0] != '#'), line => Assert.Contains("{run_id=\"", line));
    }

    private static double[] Samples(string metrics, string name, string label = "") =>
    [
        .. metrics.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)),
    ];

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex(@"^  lost: (\d+) \(head", RegexOptions.Multiline)]
    private static partial Regex LostCount();

    [GeneratedRegex(@"producer-\d: sent \d+\.\d+, attempt 1, meant for .*\n.*producer-\d: \d+\.\d+ acknowledged at stream sequence \d+")]
    private static partial Regex FullyTold();

    [GeneratedRegex(@"\e\[(?:\d+;)*(?:3[0-7]|38;5;\d+|9[0-7])m")]
    private static partial Regex Colour();
}
