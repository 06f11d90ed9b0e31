namespace Simulation.Host.Configuration.Schema;

/// <summary>How an enum member is written in YAML, where that is not its name in snake_case.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class SpellingAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
