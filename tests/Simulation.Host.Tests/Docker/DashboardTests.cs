using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Docker;

/// <summary>What holds for every dashboard. That their queries give data, a real Prometheus shows in the end-to-end tests.</summary>
public sealed partial class DashboardTests
{
    private static readonly ImmutableArray<Dashboard> Dashboards = Dashboard.ReadAll(Repository.PathOf("docker", "grafana", "dashboards"));

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
            var places = new HashSet<(int, int)>();
            foreach (JsonElement panel in dashboard.Panels)
            {
                string where = $"{dashboard.File}: {Text(panel, "title")}";
                Assert.False(string.IsNullOrWhiteSpace(Text(panel, "title")), where);
                Assert.True(Text(panel, "description").EndsWith('.'), where);
                Assert.True(HasUnit(panel), where);
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

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    /// <summary>A metric with what selects of it.</summary>
    [GeneratedRegex(@"\b(?:simulation|nats|process|dotnet)_\w+(?:\{[^}]*\})?")]
    private static partial Regex Selector();
}
