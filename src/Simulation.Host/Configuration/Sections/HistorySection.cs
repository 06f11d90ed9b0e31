using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record HistorySection
{
    [Key("For how long what happened can be looked at record by record. What is older is folded together after a checkpoint, and its segments are removed; the verdict knows it all the same. Needs `checkpointing.enabled`.",
        Min = "1s", LeftOut = "for ever")]
    public TimeSpan? Keep { get; init; }
}
