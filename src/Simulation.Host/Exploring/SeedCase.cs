using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Configuration;

namespace Simulation.Host.Exploring;

/// <summary>
/// One schedule, complete: a configuration of the virtual world that names its seed and every fault with its time. The same one is explored,
/// replayed, shrunk, and written as a file that <c>run</c> takes.
/// </summary>
/// <param name="Config">With the faults as <c>chaos.scheduled</c>.</param>
/// <param name="Planted">Defects of ours that are switched on, to see whether they are found.</param>
internal sealed record SeedCase(SimulationConfig Config, ImmutableSortedSet<string> Planted)
{
    public ulong Seed => Config.Simulation.Seed!.Value;

    public ImmutableArray<ScheduledFault> Faults => Config.Chaos.Scheduled;

    public string FaultsInWords => Faults.Length == 1 ? "1 fault" : $"{Faults.Length} faults";

    public SeedCase With(IEnumerable<ScheduledFault> faults)
    {
        ImmutableArray<ScheduledFault> scheduled = [.. faults];
        return this with { Config = Config with { Chaos = Config.Chaos with { Enabled = !scheduled.IsEmpty, Scheduled = scheduled } } };
    }

    public SeedCase With(TimeSpan duration) => this with { Config = Config with { Simulation = Config.Simulation with { Duration = duration } } };

    /// <summary>Also <c>run</c> has to take it.</summary>
    public string ToYaml() => EffectiveConfiguration.WriteSpeltOut(Config);
}
