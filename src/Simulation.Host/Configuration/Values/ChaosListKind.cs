using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Configuration.Values;

/// <summary>A list of chaos events: each a bare name, or a mapping with a name, the list's own fields and the event's parameters.</summary>
internal abstract class ChaosListKind<T> : ValueKind
{
    /// <summary>The field that holds the event's name.</summary>
    protected abstract string NameField { get; }

    public sealed override object? Read(YamlNode node, Complain complain)
    {
        if (node is not YamlSequenceNode list)
        {
            complain(node, $"expected {Expected}");
            return null;
        }

        var items = list.Children.Select(item => ReadItem(item, complain)).ToList();
        return items.Contains(default) ? null : items.Select(item => item!).ToImmutableArray();
    }

    public sealed override string Write(object value) => $"[{string.Join(", ", ((ImmutableArray<T>)value).Select(WriteItem))}]";

    /// <param name="node">Where to complain.</param>
    /// <param name="name">A known event.</param>
    /// <param name="fields">Everything beside the name; what the list itself knows is taken out, the rest are parameters.</param>
    /// <param name="complain">Takes note.</param>
    protected abstract T? Make(YamlNode node, string name, Dictionary<string, YamlNode> fields, Complain complain);

    protected abstract string WriteItem(T item);

    protected static TValue? Take<TValue>(Dictionary<string, YamlNode> fields, string field, ValueKind kind, Complain complain)
        where TValue : struct =>
        fields.Remove(field, out YamlNode? node) ? (TValue?)kind.Read(node, complain) : null;

    protected static ImmutableSortedDictionary<string, string> Parameters(Dictionary<string, YamlNode> fields, Complain complain)
    {
        foreach ((string name, YamlNode node) in fields.Where(field => field.Value is not YamlScalarNode))
        {
            complain(node, $"parameter '{name}' must be a single value");
        }

        return fields.ToImmutableSortedDictionary(field => field.Key, field => (field.Value as YamlScalarNode)?.Value ?? "", StringComparer.Ordinal);
    }

    protected static string WriteFields(IEnumerable<(string Name, string Value)> own, ImmutableSortedDictionary<string, string> parameters) =>
        $"{{{string.Join(", ", own.Concat(parameters.Select(parameter => (parameter.Key, ValueKinds.Quote(parameter.Value)))).Select(field => $"{field.Item1}: {field.Item2}"))}}}";

    private T? ReadItem(YamlNode node, Complain complain)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        YamlNode? nameNode = node;
        if (node is YamlMappingNode mapping)
        {
            foreach ((YamlNode key, YamlNode value) in mapping.Children)
            {
                fields[(key as YamlScalarNode)?.Value ?? ""] = value;
            }

            fields.Remove(NameField, out nameNode);
        }

        if ((nameNode as YamlScalarNode)?.Value is not { } name)
        {
            complain(node, $"expected an event: its name, or a mapping with '{NameField}'");
            return default;
        }

        if (!ChaosEvents.Names.Contains(name))
        {
            complain(nameNode, $"unknown event '{name}'{Suggestion.Phrase(name, ChaosEvents.Names)}");
            return default;
        }

        return Make(node, name, fields, complain);
    }
}

internal sealed class ChaosEventsKind : ChaosListKind<ChaosEvent>
{
    public override string Expected => "a list of events, each a name or {name, weight, …parameters}";

    protected override string NameField => "name";

    protected override ChaosEvent Make(YamlNode node, string name, Dictionary<string, YamlNode> fields, Complain complain)
    {
        double weight = Take<double>(fields, "weight", ValueKinds.Number, complain) ?? 1;
        if (weight <= 0)
        {
            complain(node, "an event's weight must be above 0");
        }

        return new ChaosEvent(name, weight, Parameters(fields, complain));
    }

    protected override string WriteItem(ChaosEvent item) => item is { Weight: 1, Parameters.IsEmpty: true }
        ? item.Name
        : WriteFields([("name", item.Name), ("weight", item.Weight.ToString("R", CultureInfo.InvariantCulture))], item.Parameters);
}

internal sealed class ScheduledEventsKind : ChaosListKind<ScheduledEvent>
{
    public override string Expected => "a list of {at, event, …parameters}";

    protected override string NameField => "event";

    protected override ScheduledEvent? Make(YamlNode node, string name, Dictionary<string, YamlNode> fields, Complain complain)
    {
        if (!fields.ContainsKey("at"))
        {
            complain(node, $"when is '{name}'? give 'at', a time after the start such as 5m");
            return null;
        }

        return Take<TimeSpan>(fields, "at", ValueKinds.Duration, complain) is { } at
            ? new ScheduledEvent(at, name, Parameters(fields, complain))
            : null;
    }

    protected override string WriteItem(ScheduledEvent item) =>
        WriteFields([("at", Duration.Format(item.At)), ("event", item.Name)], item.Parameters);
}
