using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Simulation.Host.Telemetry;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Docker;

/// <summary>Prometheus' own judge of its configuration and rules; and that every name which is used is one that is measured.</summary>
public sealed partial class PrometheusFilesTests
{
    [SkippableFact]
    public Task Configuration_IsAcceptedByPromtool() => AssertPromtoolAsync("check", "config", Docker("prometheus.yml"));

    [SkippableFact]
    public Task Rules_AreAcceptedByPromtool() => AssertPromtoolAsync("check", "rules", "--lint-fatal", Docker("rules.yml"));

    /// <summary>What each rule records and when each alert fires, on made-up series.</summary>
    [SkippableFact]
    public Task Rules_DoWhatTheirTestsSay() => AssertPromtoolAsync("test", "rules", Docker("rules.test.yml"));

    /// <summary>An alert that no test fires is an alert that may never fire.</summary>
    [Fact]
    public void Alerts_EachHasATest()
    {
        string tests = File.ReadAllText(Docker("rules.test.yml"));
        string[] alerts = [.. Alert().Matches(File.ReadAllText(Docker("rules.yml"))).Select(match => match.Groups[1].Value)];
        Assert.True(alerts.Length >= 4);
        Assert.All(alerts, alert => Assert.Contains($"alertname: {alert}\n", tests));
    }

    [Fact]
    public void Names_UsedByDashboardsAndRules_AreMeasured()
    {
        HashSet<string> measured = Measured();
        IEnumerable<string> queries = Dashboard.ReadAll(Docker("grafana", "dashboards")).SelectMany(dashboard => dashboard.Queries).Select(query => query.Query);
        foreach (string text in queries.Append(File.ReadAllText(Docker("rules.yml"))))
        {
            foreach (string name in Name().Matches(text).Select(match => match.Value))
            {
                Assert.True(measured.Contains(Part().Replace(name, "")) || measured.Contains(name), $"{name} is not measured");
            }
        }
    }

    /// <summary>The reference has every series, and none that there is not.</summary>
    [Fact]
    public void Names_InTheReference_AreThoseThatAreMeasured()
    {
        string reference = File.ReadAllText(Repository.PathOf("docs", "metrics.md"));
        string[] described = [.. Row().Matches(reference).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        Assert.Equal(Measured().Order(StringComparer.Ordinal), described);
    }

    private static HashSet<string> Measured()
    {
        var names = new HashSet<string>();
        using var instruments = new RunInstruments(new Dictionary<string, string>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == instruments.Meter)
            {
                names.Add(MetricName.Of(instrument).Sample);
            }
        };
        listener.Start();
        return names;
    }

    private static async Task AssertPromtoolAsync(params string[] arguments)
    {
        (int exitCode, string said) = await PrometheusPackage.PromtoolAsync(arguments);
        Assert.True(exitCode == 0, said);
    }

    private static string Docker(params string[] parts) => Repository.PathOf(["docker", .. parts]);

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"(?<![\w:])(?:simulation|nats|process)_(?:\w+)(?![\w:])")]
    private static partial Regex Name();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Part();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
