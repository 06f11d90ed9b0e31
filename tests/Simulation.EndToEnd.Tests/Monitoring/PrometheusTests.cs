using System.Text.Json;
using System.Text.RegularExpressions;
using Simulation.EndToEnd.Tests.Process;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Monitoring;

/// <summary>A real Prometheus looks at a real run that is broken on purpose.</summary>
public sealed partial class PrometheusTests : ProcessTest
{
    private const string Chaos =
        """

        chaos:
          enabled: true
          warmup: 0s
          quiet_before_end: 0s
          max_concurrent: 4
          scheduled:
            - {at: 1s, event: worker_crash, targets: worker-1, for: 500ms}
            - {at: 2s, event: duplicate_publish, targets: producer-0}
            - {at: 3s, event: server_pause, for: 1s}
            - {at: 5s, event: slow_consumer, targets: worker-0, for: 2s}
        """;

    private static readonly string DockerFolder = Path.Combine(RepositoryRoot(), "docker");

    [SkippableFact]
    public async Task Prometheus_RunWithChaos_HasDataForEveryQueryAndEndsWithTheVerdictsTotals()
    {
        File.AppendAllText(Path.Combine(Folder, "run.yaml"), Chaos);
        await using SimulationProcess run = Run(
            "simulation.duration=1h", "workers.count=3", "workers.isolation=process", "workers.per_process=2", "metrics.linger=10m", "producers.publish_timeout=1s");
        Uri url = await run.MetricsAddressAsync();
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(Folder, Path.Combine(DockerFolder, "rules.yml"), url.Authority);
        DateTimeOffset from = DateTimeOffset.UtcNow;

        await prometheus.UntilDataAsync("sum(simulation_chaos_events_total) >= 4 and sum(simulation_recovery_seconds_count{stage='backlog'}) >= 2");
        run.Signal(Signal.Interrupt);
        await run.SaysAsync("Metrics stay at ");
        await prometheus.UntilDataAsync("simulation_verdict{outcome!='running'} == 1");
        await AssertTotalsAsync(prometheus, run);
        await AssertEveryQueryHasDataAsync(prometheus, from, Path.GetFileName(run.RunFolder).Split('-')[^1]);
        await AssertRulesAsync(prometheus, from);

        run.Signal(Signal.Interrupt);
        Assert.Equal(ExitCodeOf(await VerdictAsync(run)), await run.ExitAsync());
    }

    private static async Task AssertTotalsAsync(PrometheusServer prometheus, SimulationProcess run)
    {
        JsonElement verdict = await VerdictAsync(run);
        await AssertEqualAsync("sum(simulation_messages_sent_total)", verdict.GetProperty("sent"));
        await AssertEqualAsync("sum(simulation_messages_received_total)", verdict.GetProperty("received"));
        await AssertEqualAsync("simulation_run_messages_sent_total", verdict.GetProperty("sent"));
        await AssertEqualAsync("simulation_run_messages_received_total", verdict.GetProperty("received"));
        await AssertEqualAsync("simulation_run_deliveries_total", verdict.GetProperty("deliveries"));
        await AssertEqualAsync("simulation_message_redeliveries_total", verdict.GetProperty("redelivered"));
        await AssertEqualAsync("simulation_messages_unknown", verdict.GetProperty("still_unknown"));
        await AssertEqualAsync("simulation_messages_recovered", verdict.GetProperty("recovered"));

        // Heard live: an acknowledgement that a stalled machine lets in before its intent has no time.
        double published = verdict.GetProperty("publish_latency").GetProperty("count").GetDouble();
        Assert.InRange(await prometheus.ValueAsync("simulation_publish_latency_seconds_count"), published * 0.99, published);
        await AssertEqualAsync("simulation_end_to_end_latency_seconds_count", verdict.GetProperty("end_to_end_latency").GetProperty("count"));
        await AssertEqualAsync("sum(simulation_worker_redeliveries_total)", verdict.GetProperty("redelivered"));
        Assert.Equal(4, await prometheus.ValueAsync("sum(simulation_chaos_events_total)"));
        Assert.Equal(verdict.GetProperty("outcome").GetString(),
            Assert.Single(await prometheus.QueryAsync("simulation_verdict == 1")).GetProperty("metric").GetProperty("outcome").GetString());

        async Task AssertEqualAsync(string query, JsonElement expected) =>
            Assert.True(expected.GetDouble() == await prometheus.ValueAsync(query), $"{query} is {await prometheus.ValueAsync(query)}, and the verdict says {expected}");
    }

    private static async Task AssertEveryQueryHasDataAsync(PrometheusServer prometheus, DateTimeOffset from, string runId)
    {
        DateTimeOffset to = DateTimeOffset.UtcNow;
        var dry = new List<string>();
        foreach (Dashboard dashboard in Dashboard.ReadAll(Path.Combine(DockerFolder, "grafana", "dashboards")))
        {
            foreach ((string where, string query) in dashboard.Queries)
            {
                string asked = query.Replace("$run_id", runId).Replace("$__rate_interval", "10s").Replace("$__range", "60s");
                if (!await prometheus.HasDataAsync(asked, from, to))
                {
                    dry.Add($"{where}: {asked}");
                }
            }

            foreach (string variable in dashboard.Variables.Where(variable => variable.GetProperty("type").GetString() == "query").Select(variable => variable.GetProperty("definition").GetString()!))
            {
                string asked = QueryResult().Match(variable).Groups[1].Value.Replace("$__range", "60s");
                Assert.Equal(runId, Assert.Single(await prometheus.QueryAsync(asked)).GetProperty("metric").GetProperty("run_id").GetString());
            }
        }

        Assert.True(dry.Count == 0, $"No data for\n{string.Join('\n', dry)}");
    }

    /// <summary>An alert that does not fire has no data, so what it compares must have.</summary>
    private static async Task AssertRulesAsync(PrometheusServer prometheus, DateTimeOffset from)
    {
        JsonElement[] rules = await prometheus.RulesAsync();
        Assert.True(rules.Length > 10);
        foreach (JsonElement rule in rules)
        {
            string query = rule.GetProperty("query").GetString()!;
            Assert.True(rule.GetProperty("health").GetString() == "ok", $"{rule.GetProperty("name")}: {rule}");
            string[] sides = rule.GetProperty("type").GetString() == "recording" ? [rule.GetProperty("name").GetString()!, query] : Sides().Split(query);
            foreach (string side in sides.Where(side => !double.TryParse(side, out _)))
            {
                Assert.True(await prometheus.HasDataAsync(side, from, DateTimeOffset.UtcNow), $"{rule.GetProperty("name")}: no data for {side}");
            }
        }
    }

    private static async Task<JsonElement> VerdictAsync(SimulationProcess run)
    {
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "report.json")));
        return report.RootElement.GetProperty("verdict").Clone();
    }

    private static int ExitCodeOf(JsonElement verdict) => verdict.GetProperty("outcome").GetString() switch
    {
        "passed" => 0,
        "violated" => 1,
        _ => 2,
    };

    private static string RepositoryRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Simulation.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^query_result\((.+)\)$")]
    private static partial Regex QueryResult();

    [GeneratedRegex(" (?:>|<|==|and on \\(run_id\\)) ")]
    private static partial Regex Sides();
}
