namespace Simulation.Host.Configuration.Schema;

/// <summary>Makes a property a configuration key.</summary>
/// <param name="doc">What it means, for the reference and for people.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute(string doc) : Attribute
{
    public string Doc { get; } = doc;

    /// <summary>Smallest value, written as in YAML; null for none.</summary>
    public string? Min { get; init; }

    /// <summary>Largest value, written as in YAML; null for none.</summary>
    public string? Max { get; init; }

    /// <summary>Never printed.</summary>
    public bool Secret { get; init; }

    /// <summary>What being left out means, for a key without a fixed default.</summary>
    public string? LeftOut { get; init; }

    /// <summary>The property of <see cref="SimulationConfig"/> that holds the value when it is left out.</summary>
    public string? Derived { get; init; }
}
