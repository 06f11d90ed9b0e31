using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Simulation.Host.Checkpoints;
using Simulation.Host.CommandLine;
using Simulation.Host.Reports;
using Simulation.Host.Reports.Html;
using Simulation.Host.Run;
using Simulation.Host.Tests.CommandLine;

namespace Simulation.Host.Tests.Reports;

public sealed class ReportTests(ReportedRun run) : IClassFixture<ReportedRun>, IDisposable
{
    private static readonly string[] Forms = ["report.json", "report.html", "junit.xml", "summary.md", "metrics.csv"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_MissedThresholds_AreNamedInEveryOutputAndExit99()
    {
        Assert.Equal(ExitCode.ThresholdMissed, run.ExitCode);
        const string slow = "recovery.worker_crash.max below 1ms", nothing = "recovery.leader_failure.max below 1m";
        foreach (string text in new[] { run.Output, Read("report.json"), Read("report.html"), Read("junit.xml"), Read("summary.md"), run.StepSummary })
        {
            Assert.Contains(slow, text);
            Assert.Contains(nothing, text);
            Assert.Contains("no data: no leader_failure happened", text);
        }

        Assert.Contains("Thresholds: 1 of 3 kept", run.Output);
        Assert.StartsWith("# before\n## ❌ Simulation: passed, and 2 thresholds were missed", run.StepSummary);
    }

    [Fact]
    public async Task Report_FromTheFolderAlone_IsTheSameInEveryForm()
    {
        string copy = run.Copy(_folder);
        foreach (string form in Forms)
        {
            File.Delete(Path.Combine(copy, form));
        }

        (ExitCode exitCode, _) = await ExecuteAsync("report", copy);
        Assert.Equal(ExitCode.ThresholdMissed, exitCode);
        foreach (string form in Forms)
        {
            string again = (await File.ReadAllTextAsync(Path.Combine(copy, form))).Replace(copy, run.Path, StringComparison.Ordinal);
            Assert.Equal(Read(form), again);
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(copy), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_Report_HasItsSchemaAndTheScopes()
    {
        JsonNode report = JsonNode.Parse(Read("report.json"))!;
        Assert.Equal(1, report["schema_version"]!.GetValue<int>());
        Assert.Equal(99, report["exit_code"]!.GetValue<int>());
        Assert.Equal(["steady", "during_fault", "recovery"], report["scopes"]!.AsArray().Select(scope => scope!["scope"]!.GetValue<string>()).Take(3));
        long seconds = report["scopes"]!.AsArray().Sum(scope => scope!["seconds"]!.GetValue<long>());
        Assert.InRange(seconds, 180, 240);
        Assert.Equal([true, false, false], report["thresholds"]!.AsArray().Select(threshold => threshold!["kept"]!.GetValue<bool>()));
    }

    [Fact]
    public void Csv_Metrics_HasALineASecondWhoseSumsAreTheVerdicts()
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(run.Path, "metrics.csv")).Select(line => line.Split(','))];
        int Column(string name) => Array.IndexOf(lines[0], name);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        long[] seconds = [.. lines.Skip(1).Select(line => long.Parse(line[0]))];
        Assert.Equal(Enumerable.Range(0, seconds.Length).Select(i => seconds[0] + i), seconds);
        JsonNode verdict = JsonNode.Parse(Read("report.json"))!["verdict"]!;
        Assert.Equal(verdict["sent"]!.GetValue<long>(), lines.Skip(1).Sum(line => long.Parse(line[Column("sent")])));
        Assert.Equal(verdict["received"]!.GetValue<long>(), lines.Skip(1).Sum(line => long.Parse(line[Column("received")])));
        Assert.Contains(lines, line => line[Column("faults_active")] == "1");
    }

    [Fact]
    public void JUnit_Report_HasACaseForEachClassThresholdAndFault()
    {
        XElement suites = XElement.Parse(Read("junit.xml"));
        Dictionary<string, XElement> byName = suites.Elements("testsuite").ToDictionary(suite => suite.Attribute("name")!.Value);
        Assert.Equal(10, byName["classes"].Elements("testcase").Count());
        Assert.Equal(3, byName["thresholds"].Elements("testcase").Count());
        Assert.Equal(2, byName["thresholds"].Descendants("failure").Count());
        Assert.Equal(["1 worker_crash (worker-1)", "2 server_kill (simulation)"], byName["faults"].Elements("testcase").Select(one => one.Attribute("name")!.Value));
        Assert.Equal("2", suites.Attribute("failures")!.Value);
        Assert.Equal(suites.Descendants("testcase").Count().ToString(), suites.Attribute("tests")!.Value);
    }

    [Fact]
    public void Page_Report_AsksTheNetworkForNothing()
    {
        string page = Read("report.html");
        Assert.Contains("default-src &#39;none&#39;", page);
        Assert.DoesNotContain("src=\"http", page);
        Assert.DoesNotContain("@import", page);
        Assert.DoesNotContain("url(", page);
        Assert.InRange(page.Length, 50_000, 1_000_000);
    }

    [Fact]
    public async Task Report_DamagedLog_IsInconclusiveAndSaysWhere()
    {
        string copy = run.Copy(_folder);
        string log = Directory.EnumerateFiles(Path.Combine(copy, "history", "producer-0")).First();
        byte[] bytes = await File.ReadAllBytesAsync(log);
        bytes[bytes.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(log, bytes);
        (ExitCode exitCode, _) = await ExecuteAsync("report", copy);
        Assert.Equal(ExitCode.Inconclusive, exitCode);
        Assert.Contains("1 log is damaged", await File.ReadAllTextAsync(Path.Combine(copy, "report.html")));
    }

    [Fact]
    public async Task Report_RunThatGoesOn_Exits69AndOneThatWasKilledIsReported()
    {
        string copy = run.Copy(_folder);
        Change(copy, manifest => manifest with { EndedAt = null });
        using (RunLock.Take(new RunFolder(copy, "it")))
        {
            (ExitCode refused, string error) = await ExecuteAsync("report", copy);
            Assert.Equal(ExitCode.Unavailable, refused);
            Assert.Contains("is still going on", error);
        }

        (ExitCode exitCode, _) = await ExecuteAsync("report", copy);
        Assert.Equal(ExitCode.ThresholdMissed, exitCode);
        Assert.Contains("was killed before its end", await File.ReadAllTextAsync(Path.Combine(copy, "report.html")));
    }

    [Fact]
    public async Task Report_WhatIsNoRun_SaysSo()
    {
        (ExitCode exitCode, string error) = await ExecuteAsync("report", _folder.Path);
        Assert.Equal((ExitCode.Usage, true), (exitCode, error.Contains("is not the folder of a run: there is no run.json in it", StringComparison.Ordinal)));

        (exitCode, error) = await ExecuteAsync("report", Path.Combine(_folder.Path, "nowhere"));
        Assert.Equal((ExitCode.Usage, true), (exitCode, error.Contains("there is no folder", StringComparison.Ordinal)));

        string copy = run.Copy(_folder);
        Change(copy, manifest => manifest with { SchemaVersion = 99 });
        (exitCode, error) = await ExecuteAsync("report", copy);
        Assert.Equal((ExitCode.Unavailable, true), (exitCode, error.Contains("schema version 99 is newer than this program", StringComparison.Ordinal)));

        await File.WriteAllTextAsync(Path.Combine(copy, "run.json"), "{");
        (exitCode, error) = await ExecuteAsync("report", copy);
        Assert.Equal((ExitCode.Unavailable, true), (exitCode, error.Contains("run.json cannot be read: it is damaged at line 1, byte ", StringComparison.Ordinal)));

        copy = run.Copy(_folder);
        Directory.Delete(Path.Combine(copy, "history"), recursive: true);
        (exitCode, error) = await ExecuteAsync("report", copy);
        Assert.Equal((ExitCode.Usage, true), (exitCode, error.Contains("holds no history", StringComparison.Ordinal)));
    }

    [Fact]
    public void Markup_Text_IsEncodedAndMarkupIsNot()
    {
        const string evil = "<script>alert(\"1\")</script>&'";
        Assert.Equal("<b title=\"&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;\"><i>1.5</i></b>", Markup.Of($"<b title=\"{evil}\">{Markup.Of($"<i>{1.5}</i>")}</b>").ToString());
    }

    private static void Change(string folder, Func<RunManifest, RunManifest> change)
    {
        string file = Path.Combine(folder, "run.json");
        RunManifest manifest = JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(file), ReportJson.Options)!;
        ReportJson.WriteFile(file, change(manifest));
    }

    private static async Task<(ExitCode ExitCode, string Error)> ExecuteAsync(params string[] arguments)
    {
        var runner = new CommandRunner();
        return (await runner.ExecuteAsync(arguments), runner.Error);
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(run.Path, name));
}
