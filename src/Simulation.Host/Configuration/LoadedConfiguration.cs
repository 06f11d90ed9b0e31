namespace Simulation.Host.Configuration;

/// <summary>A valid configuration, and where each of its values came from (keys without an entry have their default).</summary>
public sealed record LoadedConfiguration(SimulationConfig Config, IReadOnlyDictionary<string, Origin> Origins)
{
    public Origin OriginOf(string key) => Origins.GetValueOrDefault(key, Origin.Default);
}
