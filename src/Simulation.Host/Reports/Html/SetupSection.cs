using System.Text.Json.Nodes;
using Simulation.Host.Configuration;

namespace Simulation.Host.Reports.Html;

/// <summary>What was run, on what, and how to do it again.</summary>
internal static class SetupSection
{
    /// <summary>More than stands on a line beside its key.</summary>
    private const int LongValue = 60;

    public static Markup Write(RunReport run)
    {
        RunManifest manifest = run.Manifest;
        Dictionary<string, string> defaults = Flatten(EffectiveConfiguration.ToJson(new SimulationConfig())).ToDictionary();
        KeyValuePair<string, string>[] keys = [.. Flatten(manifest.Configuration)];
        KeyValuePair<string, string>[] chosen = [.. keys.Where(key => defaults.GetValueOrDefault(key.Key) != key.Value)];
        return Markup.Of($"""
            {EvidenceSection.Command(manifest.Again)}
            <ul class="keys">
            {Key("seed", manifest.Seed.ToString())}{Key("simulation", manifest.Environment.Versions.Simulation + (manifest.Environment.Versions.Commit is { } commit ? $" ({commit})" : ""))}
            {Key("nats-server", manifest.Environment.NatsServers.IsEmpty ? Show.Nothing : string.Join(", ", manifest.Environment.NatsServers.Distinct()))}{Key(".NET", manifest.Environment.Versions.Dotnet)}
            {Key("system", manifest.Environment.Versions.OperatingSystem)}{Key("machine", $"{manifest.Environment.Machine}, {Show.Count(manifest.Environment.Processors, "processor", "processors")}")}
            {Key("started", Show.Moment(manifest.StartedAt))}{Key("ended", manifest.EndedAt is { } ended ? Show.Moment(ended) : "not in order")}
            </ul>
            <details data-print open><summary>{Show.Count(chosen.Length, "value", "values")} that are not the default</summary><div class="inside"><ul class="keys">{Markup.Join(chosen, key => Key(key.Key, key.Value))}</ul></div></details>
            <details><summary>All {Show.Count(keys.Length)} keys</summary><div class="inside"><ul class="keys">{Markup.Join(keys, key => Key(key.Key, key.Value))}</ul></div></details>
            """);
    }

    private static Markup Key(string name, string value) => Markup.Of($"""<li class="{(value.Length > LongValue ? "long" : "")}"><span class="mono">{name}</span><b>{value}</b></li>""");

    /// <summary>Every key with its value as text.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Flatten(JsonObject section, string prefix = "") => section.SelectMany(member => member.Value is JsonObject inner
        ? Flatten(inner, $"{prefix}{member.Key}.")
        : [KeyValuePair.Create(prefix + member.Key, member.Value?.ToString() ?? Show.Nothing)]);
}
