using System.Collections.Immutable;
using Simulation.Host.Thresholds;
using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Configuration.Values;

/// <summary>A list of thresholds, each held against the catalogue of metrics.</summary>
internal sealed class ThresholdsKind : ValueKind
{
    private static readonly string[] Fields = ["metric", "below", "above", "scope", "after", "abort"];
    private static readonly ValueKind Scope = ValueKinds.Find(typeof(ThresholdScope))!;
    private static readonly ValueKind Truth = ValueKinds.Find(typeof(bool))!;

    public override string Expected => "a list of {metric, below or above, scope, after, abort}";

    public override object? Read(YamlNode node, Complain complain)
    {
        if (node is not YamlSequenceNode list)
        {
            complain(node, $"expected {Expected}");
            return null;
        }

        Threshold?[] items = [.. list.Children.Select(item => ReadItem(item, complain))];
        return items.Contains(null) ? null : items.Select(item => item!).ToImmutableArray();
    }

    public override string Write(object value) => $"[{string.Join(", ", ((ImmutableArray<Threshold>)value).Select(threshold => threshold.ToYaml()))}]";

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static ImmutableArray<Threshold> Parse(string yaml, Action<string> complain)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (ImmutableArray<Threshold>)(new ThresholdsKind().Read(stream.Documents[0].RootNode, (_, message) => complain(message)) ?? ImmutableArray<Threshold>.Empty);
    }

    private static Threshold? ReadItem(YamlNode node, Complain complain)
    {
        if (node is not YamlMappingNode mapping)
        {
            complain(node, "expected a threshold such as {metric: end_to_end_latency.p99, below: 100ms}");
            return null;
        }

        Dictionary<string, YamlNode> fields = mapping.Children.ToDictionary(child => (child.Key as YamlScalarNode)?.Value ?? "", child => child.Value);
        bool unknownFields = false;
        foreach (string unknown in fields.Keys.Except(Fields))
        {
            unknownFields = true;
            complain(node, $"a threshold has no field '{unknown}'{Suggestion.Phrase(unknown, Fields)}");
        }

        return Metric(node, fields, complain) is { } metric && Bound(node, fields, metric, complain) is { } bound && !unknownFields
            ? Whole(node, metric, bound, fields, complain)
            : null;
    }

    private static ThresholdMetric? Metric(YamlNode node, Dictionary<string, YamlNode> fields, Complain complain)
    {
        if (!fields.TryGetValue("metric", out YamlNode? named) || named is not YamlScalarNode { Value: { } name })
        {
            complain(node, "a threshold needs a 'metric'; 'simulation thresholds' lists all");
            return null;
        }

        if (MetricCatalogue.Find(name) is not { } metric)
        {
            complain(named, $"unknown metric '{name}'{DidYouMean(name)}; 'simulation thresholds' lists all");
            return null;
        }

        return metric;
    }

    /// <summary>A name that is nearly right, or one of the family that was begun.</summary>
    private static string DidYouMean(string name)
    {
        string nearest = Suggestion.Phrase(name, MetricCatalogue.Names);
        string family = name.Split('.')[0];
        string statistic = name[family.Length..];
        return nearest.Length > 0 ? nearest
            : MetricCatalogue.Names.FirstOrDefault(known => known.StartsWith(family, StringComparison.Ordinal) && known.EndsWith(statistic, StringComparison.Ordinal)) is { } likely
                ? $"; did you mean '{likely}'?"
                : "";
    }

    private static (double Value, bool Below)? Bound(YamlNode node, Dictionary<string, YamlNode> fields, ThresholdMetric metric, Complain complain)
    {
        bool below = fields.TryGetValue("below", out YamlNode? upper);
        bool above = fields.TryGetValue("above", out YamlNode? lower);
        if (below == above)
        {
            complain(node, $"{metric.Name} needs either 'below' or 'above', {metric.Unit.Expected}");
            return null;
        }

        YamlNode bound = (upper ?? lower)!;
        if (bound is not YamlScalarNode { Value: { } text } || metric.Unit.Parse(text) is not { } value)
        {
            complain(bound, $"{metric.Name}: expected {metric.Unit.Expected}, found '{(bound as YamlScalarNode)?.Value ?? "a list or section"}'");
            return null;
        }

        return (value, below);
    }

    private static Threshold? Whole(YamlNode node, ThresholdMetric metric, (double Value, bool Below) bound, Dictionary<string, YamlNode> fields, Complain complain)
    {
        bool isWrong = false;
        Complain noting = (place, message) =>
        {
            isWrong = true;
            complain(place, $"{metric.Name}: {message}");
        };
        var threshold = new Threshold
        {
            Metric = metric.Name,
            Bound = bound.Value,
            Below = bound.Below,
            Scope = (ThresholdScope?)Optional(fields, "scope", Scope, noting) ?? ThresholdScope.All,
            After = (TimeSpan?)Optional(fields, "after", ValueKinds.Duration, noting) ?? TimeSpan.Zero,
            Abort = (bool?)Optional(fields, "abort", Truth, noting) ?? false,
        };
        if (metric.IsOfFaults && fields.ContainsKey("scope"))
        {
            noting(node, "recoveries have no scope; leave it out");
        }

        if (threshold.Abort && !threshold.Below && metric.OnlyRises)
        {
            noting(node, "it only rises, so that it is too low says nothing before the end; leave abort out, or give 'below'");
        }

        return isWrong ? null : threshold;
    }

    private static object? Optional(Dictionary<string, YamlNode> fields, string field, ValueKind kind, Complain complain) =>
        fields.TryGetValue(field, out YamlNode? node) ? kind.Read(node, (place, message) => complain(place, $"{field}: {message}")) : null;
}
