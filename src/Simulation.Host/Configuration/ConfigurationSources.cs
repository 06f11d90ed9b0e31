using System.Collections.Immutable;

namespace Simulation.Host.Configuration;

/// <summary>Where a configuration is read from; a later one wins over an earlier one.</summary>
public sealed record ConfigurationSources
{
    /// <summary>A YAML file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Variables of the process; <c>SIMULATION_WORKERS__COUNT</c> is <c>workers.count</c>. Empty ones count as unset.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Each <c>key=value</c>, as given with <c>--set</c>.</summary>
    public ImmutableArray<string> Sets { get; init; } = [];

    /// <summary>Flags that stand for a key, for example <c>--seed</c> for <c>simulation.seed</c>.</summary>
    public ImmutableArray<FlagValue> Flags { get; init; } = [];

    /// <summary>Each seed draws how often what breaks: what the configuration says about that is not looked at, and need not fit the run.</summary>
    public bool SeedsDrawFaults { get; init; }
}

public sealed record FlagValue(string Flag, string Key, string Value);
