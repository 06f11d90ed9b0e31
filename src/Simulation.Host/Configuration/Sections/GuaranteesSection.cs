using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

/// <summary>What the run is held to beyond "nothing acknowledged is lost", which always holds.</summary>
public sealed record GuaranteesSection
{
    [Key("A message stored twice or processed twice fails the run. Off: at least once, duplicates are counted.")]
    public bool EffectivelyOnce { get; init; }

    [Key("A message processed out of its partition's order, and not because of a redelivery, fails the run.")]
    public bool Ordered { get; init; }

    [Key("Two workers processing one partition at the same time fail the run.")]
    public bool Exclusive { get; init; } = true;
}
