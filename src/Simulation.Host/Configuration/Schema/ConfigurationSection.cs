using System.Collections.Immutable;
using System.Reflection;
using Simulation.Host.Configuration.Values;

namespace Simulation.Host.Configuration.Schema;

/// <summary>A section of the schema: its keys and sub-sections, in the order of the record's properties.</summary>
internal sealed class ConfigurationSection
{
    private readonly PropertyInfo? _property;

    private ConfigurationSection(string path, PropertyInfo? property, object defaults)
    {
        Path = path;
        _property = property;
        var keys = ImmutableArray.CreateBuilder<(string, ConfigurationKey)>();
        var sections = ImmutableArray.CreateBuilder<(string, ConfigurationSection)>();
        foreach (PropertyInfo member in defaults.GetType().GetProperties().Where(member => member.CanWrite))
        {
            string name = Words.SnakeCase(member.Name);
            string memberPath = path.Length == 0 ? name : $"{path}.{name}";
            if (member.GetCustomAttribute<KeyAttribute>() is { } attribute)
            {
                ValueKind kind = ValueKinds.Find(member.PropertyType) ?? throw new InvalidOperationException($"{memberPath}: no kind of value");
                keys.Add((name, new ConfigurationKey(memberPath, member, attribute, kind, defaults)));
            }
            else
            {
                sections.Add((name, new ConfigurationSection(memberPath, member, member.GetValue(defaults)!)));
            }
        }

        Keys = keys.ToImmutable();
        Sections = sections.ToImmutable();
        Type = defaults.GetType();
    }

    public static ConfigurationSection Root { get; } = new("", null, new SimulationConfig());

    /// <summary>For example <c>workers.consumers</c>; empty for the root.</summary>
    public string Path { get; }

    public ImmutableArray<(string Name, ConfigurationKey Key)> Keys { get; }

    public ImmutableArray<(string Name, ConfigurationSection Section)> Sections { get; }

    public IEnumerable<string> Names => Keys.Select(key => key.Name).Concat(Sections.Select(section => section.Name));

    /// <summary>All keys below, in the order of the records.</summary>
    public IEnumerable<ConfigurationKey> AllKeys => Keys.Select(key => key.Key).Concat(Sections.SelectMany(section => section.Section.AllKeys));

    private Type Type { get; }

    public ConfigurationKey? FindKey(string name) => Keys.FirstOrDefault(key => key.Name == name).Key;

    public ConfigurationSection? FindSection(string name) => Sections.FirstOrDefault(section => section.Name == name).Section;

    /// <summary>Makes the record of this section: the given values, and defaults for the rest.</summary>
    public object Bind(IReadOnlyDictionary<string, object> values)
    {
        object record = Activator.CreateInstance(Type)!;
        foreach ((_, ConfigurationKey key) in Keys)
        {
            if (values.TryGetValue(key.Path, out object? value))
            {
                key.Set(record, value);
            }
        }

        foreach ((_, ConfigurationSection section) in Sections)
        {
            section._property!.SetValue(record, section.Bind(values));
        }

        return record;
    }

    /// <summary>This sub-section's record inside its parent's.</summary>
    public object In(object parent) => _property!.GetValue(parent)!;
}
