using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Checkpoints;

/// <summary>What may not change when a run goes on: everything that makes it what it is.</summary>
internal static class ConfigurationChange
{
    /// <summary>How long it goes on, and how one looks at it. A section ends with a dot.</summary>
    private static readonly ImmutableArray<string> Free =
        ["simulation.duration", "metrics.", "dashboard.", "report.", "thresholds.", "checkpointing."];

    /// <exception cref="UserErrorException">Something else has changed; the message names the keys.</exception>
    public static void Check(string runId, JsonObject was, JsonObject wanted)
    {
        ImmutableArray<string> changes = [.. Changes(was, wanted)];
        if (!changes.IsEmpty)
        {
            throw new UserErrorException(ExitCode.Configuration, string.Join(Environment.NewLine, changes.Select(change => $"  {change}")
                .Prepend($"run {runId} is another one than this configuration asks for, so it cannot be resumed with it:")
                .Append("put these back, or run it anew")));
        }
    }

    private static IEnumerable<string> Changes(JsonObject was, JsonObject wanted)
    {
        SortedDictionary<string, string> before = Flat(was);
        SortedDictionary<string, string> after = Flat(wanted);
        return before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Where(key => !Free.Any(free => free.EndsWith('.') ? key.StartsWith(free, StringComparison.Ordinal) : key == free))
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
            .Select(key => $"{key}: {before.GetValueOrDefault(key) ?? "nothing"} -> {after.GetValueOrDefault(key) ?? "nothing"}");
    }

    private static SortedDictionary<string, string> Flat(JsonObject configuration)
    {
        var flat = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("", configuration);
        return flat;

        void Add(string path, JsonObject section)
        {
            foreach ((string name, JsonNode? value) in section)
            {
                if (value is JsonObject inner)
                {
                    Add($"{path}{name}.", inner);
                }
                else if (value is not null)
                {
                    flat[path + name] = value.ToString();
                }
            }
        }
    }
}
