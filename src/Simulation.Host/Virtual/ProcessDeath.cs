using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Host.Virtual;

/// <summary>When the process of a virtual run dies, and what happens until another one goes on.</summary>
/// <param name="At">Since the world began.</param>
/// <param name="Outage">Until the next one is started.</param>
/// <param name="Recoveries">Others that die so soon after their start that they have only begun to read what was kept.</param>
/// <param name="InCheckpoint">Not before the next checkpoint is being written, if there is one.</param>
internal sealed record ProcessDeath(TimeSpan At, TimeSpan Outage, ImmutableArray<TimeSpan> Recoveries, bool InCheckpoint = false)
{
    private const int Most = 3;
    private static readonly TimeSpan ShortestOutage = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromMilliseconds(20);

    /// <summary>At any instants, also before the first message and in the drain, in the order of time.</summary>
    public static ImmutableArray<ProcessDeath> Draw(ulong seed, TimeSpan duration)
    {
        RandomStream random = RandomStream.Derive(seed, "process-death");
        RandomStream inCheckpoint = RandomStream.Derive(seed, "process-death-in-checkpoint");
        int count = 1 + random.Next(Most);
        return [.. Enumerable.Range(0, count).Select(_ => One()).OrderBy(death => death.At)];

        ProcessDeath One() => new(
            random.Uniform(TimeSpan.Zero, duration * 1.5),
            ShortestOutage * Math.Pow(LongestOutage / ShortestOutage, random.NextDouble()),
            random.NextDouble() < 0.7 ? [] : [random.Uniform(TimeSpan.Zero, LongestRecovery)],
            inCheckpoint.NextDouble() < 0.3);
    }
}
