using System.Collections.Immutable;

namespace Simulation.Chaos;

/// <summary>What is said of a fault before it is planned: whatever is not said is drawn.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Targets">Names such as <c>worker-42</c>, or one word such as <c>some</c> (a <see cref="TargetChoice"/>); empty for nothing said.</param>
/// <param name="Parameters">Values and ranges by the name of the parameter, as text.</param>
public sealed record FaultSettings(FaultKind Kind, ImmutableArray<string> Targets, ImmutableSortedDictionary<string, string> Parameters)
{
    public FaultSettings(FaultKind kind)
        : this(kind, [], ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
    {
    }

    public string Name => FaultCatalogue.NameOf(Kind);

    public FaultSettings With(string parameter, string value) => this with { Parameters = Parameters.SetItem(parameter, value) };

    /// <summary>The fields as in a configuration, behind those that the list itself has.</summary>
    public string ToYaml()
    {
        IEnumerable<string> targets = Targets.IsEmpty ? [] : [$"targets: {(Targets.Length == 1 ? Targets[0] : $"[{string.Join(", ", Targets)}]")}"];
        return string.Concat(targets.Concat(Parameters.Select(parameter => $"{parameter.Key}: {parameter.Value}")).Select(field => $", {field}"));
    }
}

/// <summary>A kind of fault that may be drawn.</summary>
/// <param name="Fault">Which, and what is certain about it.</param>
/// <param name="Weight">How often against the others; above 0.</param>
public sealed record FaultChoice(FaultSettings Fault, double Weight = 1);

/// <summary>A fault at a given time.</summary>
/// <param name="At">Since sending began.</param>
/// <param name="Fault">Which, and what is certain about it.</param>
public sealed record ScheduledFault(TimeSpan At, FaultSettings Fault)
{
    /// <summary>As in <c>chaos.scheduled</c>, on one line.</summary>
    public string ToYaml() => $"{{at: {Kernel.Duration.Format(At)}, event: {Fault.Name}{Fault.ToYaml()}}}";
}
