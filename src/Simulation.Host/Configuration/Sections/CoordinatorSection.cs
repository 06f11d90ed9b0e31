using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record CoordinatorSection
{
    [Key("How long the drain may take until nothing is pending; after that the verdict is inconclusive.", Min = "1s")]
    public TimeSpan ValidationWindow { get; init; } = TimeSpan.FromMinutes(5);
}
