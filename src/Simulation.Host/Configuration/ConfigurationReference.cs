using System.Text;
using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

/// <summary>Writes docs/configuration.md from the schema.</summary>
internal static class ConfigurationReference
{
    private const string Introduction =
        """
        # Configuration

        <!-- Written by `simulation reference > docs/configuration.md`; a test compares. -->

        A configuration is a YAML file. It is read strictly: an unknown key, a wrong type or an impossible value is an error with file,
        line and column, and all of them are reported at once. Everything has a default; `simulation validate --config FILE` shows the
        value of every key and where it came from.

        A flag wins over an environment variable, that over the file, and that over the default. Any key can be set in each way:

        ```
        simulation run --config configs/dev.yaml --set workers.count=20
        SIMULATION_WORKERS__COUNT=20 simulation run --config configs/dev.yaml
        ```

        Durations are `250ms`, `10s`, `5m`, `12h`, `1h30m`, `2d`. Ranges are `30s-60s`, or `10-30m` where the unit covers both ends.
        Sizes are `512KB`, `10GB` (thousands) or `64MiB` (powers of 1024). Secrets are never printed.

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        WriteSection(ConfigurationSection.Root, text);
        return text.ToString();
    }

    private static void WriteSection(ConfigurationSection section, StringBuilder text)
    {
        if (!section.Keys.IsEmpty)
        {
            text.Append($"\n## {(section.Path.Length == 0 ? "At the top" : section.Path)}\n\n| key | default | meaning |\n|---|---|---|\n");
        }

        foreach ((string name, ConfigurationKey key) in section.Keys)
        {
            string standard = key.LeftOut ?? $"`{EffectiveConfiguration.Show(key, key.Default)}`";
            text.Append($"| `{name}` | {standard} | {key.Doc} {Limits(key)} |\n");
        }

        foreach ((_, ConfigurationSection inner) in section.Sections)
        {
            WriteSection(inner, text);
        }
    }

    private static string Limits(ConfigurationKey key)
    {
        string kind = key.Kind.Expected.Split(" such as ")[0]; // The introduction has the examples.
        string expected = char.ToUpperInvariant(kind[0]) + kind[1..];
        string limits = (key.Min, key.Max) switch
        {
            ({ } min, { } max) => $", {key.Kind.Write(min)} to {key.Kind.Write(max)}",
            ({ } min, null) => $", at least {key.Kind.Write(min)}",
            (null, { } max) => $", at most {key.Kind.Write(max)}",
            _ => "",
        };
        return $"*{expected}{limits}.*{(key.IsSecret ? " **Secret.**" : "")}";
    }
}
