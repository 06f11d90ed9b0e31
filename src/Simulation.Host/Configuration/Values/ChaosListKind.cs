using System.Collections.Immutable;
using System.Globalization;
using Simulation.Chaos;
using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Configuration.Values;

/// <summary>A list of faults: each a bare name, or a mapping with a name, the list's own fields, targets and the kind's parameters.</summary>
internal abstract class ChaosListKind<T> : ValueKind
    where T : class
{
    private const string TargetsField = "targets";

    /// <summary>The field that holds the name of the kind.</summary>
    protected abstract string NameField { get; }

    public sealed override object? Read(YamlNode node, Complain complain)
    {
        if (node is not YamlSequenceNode list)
        {
            complain(node, $"expected {Expected}");
            return null;
        }

        T?[] items = [.. list.Children.Select(item => ReadItem(item, complain))];
        return items.Contains(null) ? null : items.Select(item => item!).ToImmutableArray();
    }

    public sealed override string Write(object value) => $"[{string.Join(", ", ((ImmutableArray<T>)value).Select(WriteItem))}]";

    /// <param name="node">Where to complain.</param>
    /// <param name="entry">The kind that was named.</param>
    /// <param name="fields">Everything beside the name; what the list itself knows is taken out.</param>
    /// <param name="complain">Takes note.</param>
    protected abstract T? Make(YamlNode node, FaultEntry entry, Dictionary<string, YamlNode> fields, Complain complain);

    protected abstract string WriteItem(T item);

    protected static TValue? Take<TValue>(Dictionary<string, YamlNode> fields, string field, ValueKind kind, Complain complain)
        where TValue : struct =>
        fields.Remove(field, out YamlNode? node) ? (TValue?)kind.Read(node, complain) : null;

    /// <summary>Targets and parameters, held against the catalogue.</summary>
    /// <param name="entry">The kind.</param>
    /// <param name="fields">What is left of the mapping.</param>
    /// <param name="own">The fields of the list itself, for suggestions.</param>
    /// <param name="complain">Takes note.</param>
    protected static FaultSettings Settings(FaultEntry entry, Dictionary<string, YamlNode> fields, string[] own, Complain complain)
    {
        var settings = new FaultSettings(entry.Kind);
        if (fields.Remove(TargetsField, out YamlNode? targets))
        {
            settings = settings with { Targets = ReadTargets(entry, targets, complain) };
        }

        string[] known = [.. own, .. entry.Targets == TargetKind.Run ? [] : (string[])[TargetsField], .. entry.Parameters.Select(parameter => parameter.Name)];
        foreach ((string name, YamlNode node) in fields)
        {
            if (entry.Find(name) is not { } parameter)
            {
                string suggestion = Suggestion.Phrase(name, known);
                complain(node, $"{entry.Name} has no parameter '{name}'{(suggestion.Length > 0 ? suggestion : $"; it has {string.Join(", ", known)}")}");
            }
            else if (node is not YamlScalarNode { Value: { } value })
            {
                complain(node, $"{entry.Name}, {name}: expected a single value");
            }
            else if (parameter.Check(value) is { } problem)
            {
                complain(node, $"{entry.Name}, {name}: {problem}");
            }
            else
            {
                settings = settings.With(name, value);
            }
        }

        return settings;
    }

    private static ImmutableArray<string> ReadTargets(FaultEntry entry, YamlNode node, Complain complain)
    {
        ImmutableArray<string> targets = node switch
        {
            YamlScalarNode { Value: { Length: > 0 } one } => [one],
            YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }) =>
                [.. list.Children.Select(item => ((YamlScalarNode)item).Value!)],
            _ => [],
        };
        if (targets.IsEmpty)
        {
            complain(node, $"{entry.Name}, {TargetsField}: expected a name, a list of names, or one of {string.Join(", ", entry.Choices.Select(TargetWords.Write))}");
        }
        else if (PlanCheck.Targets(entry, targets) is { } problem)
        {
            complain(node, problem);
        }

        return targets;
    }

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
            return null;
        }

        if (FaultCatalogue.Find(name) is not { } entry)
        {
            complain(nameNode, $"unknown event '{name}'{Suggestion.Phrase(name, FaultCatalogue.Names)}; 'simulation chaos list' shows all");
            return null;
        }

        return Make(node, entry, fields, complain);
    }
}

internal sealed class ChaosEventsKind : ChaosListKind<FaultChoice>
{
    public override string Expected => "a list of events, each a name or {name, weight, targets, …parameters}";

    protected override string NameField => "name";

    protected override FaultChoice Make(YamlNode node, FaultEntry entry, Dictionary<string, YamlNode> fields, Complain complain)
    {
        double weight = Take<double>(fields, "weight", ValueKinds.Number, complain) ?? 1;
        if (weight <= 0)
        {
            complain(node, "an event's weight must be above 0");
        }

        return new FaultChoice(Settings(entry, fields, [NameField, "weight"], complain), weight);
    }

    protected override string WriteItem(FaultChoice item) => item is { Weight: 1, Fault: { Targets.IsEmpty: true, Parameters.IsEmpty: true } }
        ? item.Fault.Name
        : $"{{name: {item.Fault.Name}, weight: {item.Weight.ToString("R", CultureInfo.InvariantCulture)}{item.Fault.ToYaml()}}}";
}

internal sealed class ScheduledEventsKind : ChaosListKind<ScheduledFault>
{
    public override string Expected => "a list of {at, event, targets, …parameters}";

    protected override string NameField => "event";

    protected override ScheduledFault? Make(YamlNode node, FaultEntry entry, Dictionary<string, YamlNode> fields, Complain complain)
    {
        if (!fields.ContainsKey("at"))
        {
            complain(node, $"when is '{entry.Name}'? give 'at', a time after the start such as 5m");
            return null;
        }

        TimeSpan? at = Take<TimeSpan>(fields, "at", ValueKinds.Duration, complain);
        FaultSettings settings = Settings(entry, fields, ["at", NameField], complain);
        return at is { } time ? new ScheduledFault(time, settings) : null;
    }

    protected override string WriteItem(ScheduledFault item) => item.ToYaml();
}
