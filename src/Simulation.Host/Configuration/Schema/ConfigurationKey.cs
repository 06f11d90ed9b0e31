using System.Reflection;
using Simulation.Host.Configuration.Values;

namespace Simulation.Host.Configuration.Schema;

/// <summary>One key: everything that can be known of it without a configuration at hand.</summary>
internal sealed class ConfigurationKey
{
    private readonly PropertyInfo _property;
    private readonly KeyAttribute _attribute;

    public ConfigurationKey(string path, PropertyInfo property, KeyAttribute attribute, ValueKind kind, object section)
    {
        _property = property;
        _attribute = attribute;
        Path = path;
        Kind = kind;
        Default = property.GetValue(section);
        Min = Bound(attribute.Min);
        Max = Bound(attribute.Max);
        Derived = attribute.Derived is { } derived ? typeof(SimulationConfig).GetProperty(derived)! : null;
    }

    /// <summary>For example <c>workers.count</c>.</summary>
    public string Path { get; }

    public ValueKind Kind { get; }

    /// <summary>Null for a key without one: see <see cref="LeftOut"/>.</summary>
    public object? Default { get; }

    public object? Min { get; }

    public object? Max { get; }

    public string Doc => _attribute.Doc;

    public bool IsSecret => _attribute.Secret;

    public string? LeftOut => _attribute.LeftOut;

    public string EnvironmentVariable => "SIMULATION_" + Path.Replace(".", "__").ToUpperInvariant();

    private PropertyInfo? Derived { get; }

    public void Set(object section, object value) => _property.SetValue(section, value);

    /// <summary>The value in this section, or the one that stands in when it was left out.</summary>
    public object? Get(SimulationConfig config, object section) => _property.GetValue(section) ?? Derived?.GetValue(config);

    /// <returns>What is wrong with a value of the right type; null for nothing.</returns>
    public string? OutOfBounds(object value)
    {
        bool tooLow = Min is not null && Kind.IsBelow(value, Min);
        bool tooHigh = Max is not null && Kind.IsAbove(value, Max);
        return tooLow ? $"must be at least {Kind.Write(Min!)}" : tooHigh ? $"must be at most {Kind.Write(Max!)}" : null;
    }

    private object? Bound(string? text) => text is null
        ? null
        : Kind.Read(text, (_, message) => throw new InvalidOperationException($"bound of {Path}: {message}"));
}
