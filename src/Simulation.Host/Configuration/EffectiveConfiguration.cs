using System.Text;
using System.Text.Json.Nodes;
using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

/// <summary>
/// A configuration as YAML, every key with its value and, if wanted, where it came from. Can be read back: what was secret is
/// only named in a comment, and has to be given again.
/// </summary>
internal static class EffectiveConfiguration
{
    private const int CommentColumn = 48;

    public static string Write(LoadedConfiguration loaded, bool origins) => Write(loaded, origins, spellsOut: false);

    /// <summary>Every key with its value, also where that was derived from others or from the seed: nothing is left to be decided again.</summary>
    public static string WriteSpeltOut(SimulationConfig config) =>
        Write(new LoadedConfiguration(config, new Dictionary<string, Origin>()), origins: false, spellsOut: true);

    private static string Write(LoadedConfiguration loaded, bool origins, bool spellsOut)
    {
        var text = new StringBuilder();
        WriteSection(ConfigurationSection.Root, loaded.Config, 0);
        return text.ToString();

        void WriteSection(ConfigurationSection section, object record, int depth)
        {
            string indent = new(' ', depth * 2);
            foreach ((string name, ConfigurationKey key) in section.Keys)
            {
                text.Append(Line(indent, name, key, key.Get(loaded.Config, record), loaded.OriginOf(key.Path), origins, spellsOut)).Append('\n');
            }

            foreach ((string name, ConfigurationSection inner) in section.Sections)
            {
                text.Append(indent).Append(name).Append(":\n");
                WriteSection(inner, inner.In(record), depth + 1);
            }
        }
    }

    /// <summary>For reports: numbers and truth values as such, everything else as it is written in YAML.</summary>
    public static JsonObject ToJson(SimulationConfig config)
    {
        return Section(ConfigurationSection.Root, config);

        JsonObject Section(ConfigurationSection section, object record)
        {
            var json = new JsonObject();
            foreach ((string name, ConfigurationKey key) in section.Keys)
            {
                object? value = key.Get(config, record);
                json[name] = value is int or ulong or double or bool ? JsonValue.Create(value) : Show(key, value)?.Trim('"');
            }

            foreach ((string name, ConfigurationSection inner) in section.Sections)
            {
                json[name] = Section(inner, inner.In(record));
            }

            return json;
        }
    }

    /// <summary>The value as it may be shown: masked where it is secret, null where there is none.</summary>
    public static string? Show(ConfigurationKey key, object? value) => value switch
    {
        null => null,
        _ when key.IsSecret => Masking.Mask,
        string text => key.Kind.Write(Masking.Urls(text)),
        _ => key.Kind.Write(value),
    };

    private static string Line(string indent, string name, ConfigurationKey key, object? value, Origin origin, bool origins, bool spellsOut)
    {
        if (value is not null && key.IsSecret)
        {
            return $"{indent}# {name}: {Masking.Mask}, from {origin}; give it with {key.EnvironmentVariable}";
        }

        // What was left out stays so: a derived value that is spelt out may mean something else.
        bool isLeftOut = (value is null || !spellsOut) && origin == Origin.Default && key.LeftOut is not null;
        string? shown = Show(key, value);
        string assignment = $"{indent}{name}: {(isLeftOut ? "~" : shown)}";
        string comment = !isLeftOut ? origin.ToString() : key.Default is null && shown is not null ? $"default: {shown}, {key.LeftOut}" : $"default: {key.LeftOut}";
        return origins ? $"{assignment.PadRight(CommentColumn)} # {comment}" : assignment;
    }
}
