using System.Collections.Immutable;
using System.Text.Json;

namespace Simulation.TestServers;

/// <summary>One of the Grafana dashboards in docker/, as far as tests look at it.</summary>
/// <param name="File">Without its folder.</param>
/// <param name="Root">All of it.</param>
public sealed record Dashboard(string File, JsonElement Root)
{
    public string Uid => Root.GetProperty("uid").GetString()!;

    /// <summary>Rows are not among them.</summary>
    public IEnumerable<JsonElement> Panels => Root.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row");

    public IEnumerable<JsonElement> Variables => Root.GetProperty("templating").GetProperty("list").EnumerateArray();

    public IEnumerable<JsonElement> Annotations => Root.GetProperty("annotations").GetProperty("list").EnumerateArray();

    /// <summary>Every query of a panel or an annotation, and whose it is.</summary>
    public IEnumerable<(string Where, string Query)> Queries =>
    [
        .. Panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target =>
            ($"{File}: {panel.GetProperty("title").GetString()}", target.GetProperty("expr").GetString()!))),
        .. Annotations.Select(annotation => ($"{File}: annotation {annotation.GetProperty("name").GetString()}",
            annotation.GetProperty("target").GetProperty("expr").GetString()!)),
    ];

    /// <param name="folder">With the dashboards in it.</param>
    public static ImmutableArray<Dashboard> ReadAll(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file =>
        {
            using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllText(file));
            return new Dashboard(Path.GetFileName(file), document.RootElement.Clone());
        }),
    ];
}
