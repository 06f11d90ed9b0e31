using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Docker;

/// <summary>What holds for every dashboard. That their queries give data, a real Prometheus shows in the end-to-end tests.</summary>
public sealed partial class DashboardTests
{
    private static readonly ImmutableArray<Dashboard> Dashboards = Dashboard.ReadAll(Repository.PathOf("docker", "grafana", "dashboards"));

    /// <summary>Panels that Grafana has without a plugin.</summary>
    private static readonly string[] PanelKinds = ["timeseries", "stat", "gauge", "bargauge", "heatmap", "state-timeline", "table"];

    /// <summary>Of Grafana's units those that are used here: packages/grafana-data/src/valueFormats/categories.ts has all.</summary>
    private static readonly string[] KnownUnits = ["none", "string", "short", "percent", "percentunit", "bytes", "Bps", "s", "dtdurations", "mps", "ops"];

    /// <summary>Links and bookmarks go by these: they stay.</summary>
    [Fact]
    public void Uids_AreTheseForEver() =>
        Assert.Equal(
            ["chaos.json simulation-chaos", "health.json simulation-health", "partitions.json simulation-partitions", "run.json simulation-run"],
            Dashboards.Select(dashboard => $"{dashboard.File} {dashboard.Uid}"));

    [Fact]
    public void Panels_EachHasTitleDescriptionUnitAndItsOwnPlace()
    {
        foreach (Dashboard dashboard in Dashboards)
        {
            foreach (JsonElement panel in dashboard.Panels)
            {
                string where = $"{dashboard.File}: {Text(panel, "title")}";
                Assert.False(string.IsNullOrWhiteSpace(Text(panel, "title")), where);
                Assert.True(Text(panel, "description").EndsWith('.'), where);
                Assert.True(HasUnit(panel), where);
            }

            var places = new HashSet<(int, int)>();
            foreach (JsonElement panel in dashboard.Root.GetProperty("panels").EnumerateArray()) // Rows too.
            {
                string where = $"{dashboard.File}: {Text(panel, "title")}";
                JsonElement place = panel.GetProperty("gridPos");
                foreach (int x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32()))
                {
                    Assert.InRange(x, 0, 23);
                    foreach (int y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32()))
                    {
                        Assert.True(places.Add((x, y)), $"{where} lies over another panel");
                    }
                }
            }

            Assert.Distinct(dashboard.Root.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()));
        }
    }

    /// <summary>Grafana shows a unit that it does not know behind the number as it is, and in the place of a kind that it does not know a complaint.</summary>
    [Fact]
    public void Panels_KindsAndUnits_AreGrafanasOwn()
    {
        foreach (Dashboard dashboard in Dashboards)
        {
            Assert.All(dashboard.Panels, panel => Assert.Contains(Text(panel, "type"), PanelKinds));
            Assert.All(Units(dashboard.Root.GetProperty("panels")), unit => Assert.Contains(unit, KnownUnits));
        }
    }

    /// <summary>What refers to something: sources, variables, queries among each other, columns that are renamed and then given a unit.</summary>
    [Fact]
    public void References_EachHasWhatItRefersTo()
    {
        foreach (Dashboard dashboard in Dashboards)
        {
            Assert.Equal("prometheus", Text(dashboard.Variables.Single(variable => Text(variable, "type") == "datasource"), "query"));
            HashSet<string> variables = [.. dashboard.Variables.Select(variable => Text(variable, "name"))];
            Assert.All(
                dashboard.Queries.SelectMany(entry => VariableInQuery().Matches(entry.Query)).Select(match => match.Groups[1].Value),
                name => Assert.True(variables.Contains(name) || name.StartsWith("__", StringComparison.Ordinal), $"{dashboard.File}: ${name}"));
            foreach (JsonElement panel in dashboard.Panels)
            {
                string where = $"{dashboard.File}: {Text(panel, "title")}";
                JsonElement[] targets = [.. panel.GetProperty("targets").EnumerateArray()];
                Assert.Distinct(targets.Select(target => Text(target, "refId")));
                Assert.All(targets, target => Assert.Equal("${datasource}", Text(target.GetProperty("datasource"), "uid")));
                Assert.All(targets, target => Assert.True(target.GetProperty("instant").GetBoolean() != target.GetProperty("range").GetBoolean(), where));
                string[] columns = [.. Columns(panel)];
                Assert.All(
                    columns.Where(column => column.StartsWith("Value #", StringComparison.Ordinal)),
                    column => Assert.Contains(column["Value #".Length..], targets.Select(target => Text(target, "refId"))));
            }
        }
    }

    /// <summary>The page that Grafana opens with is one of those that are mounted.</summary>
    [Fact]
    public void HomeDashboard_IsMounted()
    {
        string compose = File.ReadAllText(Repository.PathOf("docker", "docker-compose.yml"));
        string home = HomeDashboard().Match(compose).Groups[1].Value;
        Assert.Contains($"./grafana/dashboards:{Path.GetDirectoryName(home)}:ro", compose);
        Assert.Contains(Path.GetFileName(home), Dashboards.Select(dashboard => dashboard.File));
        Assert.Contains($"path: {Path.GetDirectoryName(home)}", File.ReadAllText(Repository.PathOf("docker", "grafana", "provisioning", "dashboards", "simulation.yml")));
    }

    [Fact]
    public void Queries_EachIsOfTheChosenRunAlone()
    {
        foreach ((string where, string query) in Dashboards.SelectMany(dashboard => dashboard.Queries))
        {
            Assert.All(Selector().Matches(query), selector => Assert.True(selector.Value.Contains("{run_id=\"$run_id\"", StringComparison.Ordinal), $"{where}: {query}"));
            Assert.True(Selector().Count(query) > 0, $"{where}: {query}");
        }
    }

    [Fact]
    public void Dashboards_EachHasTheRunToChooseAndShadesFaults()
    {
        foreach (Dashboard dashboard in Dashboards)
        {
            Assert.Equal(["datasource", "run_id"], dashboard.Variables.Select(variable => Text(variable, "name")));
            JsonElement faults = Assert.Single(dashboard.Annotations);
            Assert.True(faults.GetProperty("enable").GetBoolean());

            // Older versions of Grafana read the first, newer ones the second.
            Assert.Equal("simulation_fault_active{run_id=\"$run_id\"} == 1", Text(faults, "expr"));
            Assert.Equal(Text(faults, "expr"), Text(faults.GetProperty("target"), "expr"));
            Assert.All(dashboard.Panels, panel => Assert.Equal("${datasource}", Text(panel.GetProperty("datasource"), "uid")));
        }
    }

    private static bool HasUnit(JsonElement panel)
    {
        string[] kinds = ["heatmap", "state-timeline", "table"];
        return kinds.Contains(Text(panel, "type"))
            || panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out JsonElement unit) && unit.GetString() is { Length: > 0 };
    }

    private static IEnumerable<string> Units(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Units),
        JsonValueKind.Object when element.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String && id.GetString() == "unit" => [Text(element, "value")],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property is { Name: "unit", Value.ValueKind: JsonValueKind.String } ? [property.Value.GetString()!] : Units(property.Value)),
        _ => [],
    };

    /// <summary>That a table puts in order or renames.</summary>
    private static IEnumerable<string> Columns(JsonElement panel) => panel.TryGetProperty("transformations", out JsonElement transformations)
        ? transformations.EnumerateArray().Where(one => Text(one, "id") == "organize").SelectMany(one => one.GetProperty("options").GetProperty("renameByName").EnumerateObject()).Select(column => column.Name)
        : [];

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex VariableInQuery();

    [GeneratedRegex(@"GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: (\S+)")]
    private static partial Regex HomeDashboard();

    /// <summary>A metric with what selects of it.</summary>
    [GeneratedRegex(@"\b(?:simulation|nats|process|dotnet)_\w+(?:\{[^}]*\})?")]
    private static partial Regex Selector();
}
