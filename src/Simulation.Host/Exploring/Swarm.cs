using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Host.Virtual;
using Simulation.Kernel;

namespace Simulation.Host.Exploring;

/// <summary>
/// Draws, for each seed, which kinds of faults there are and how often they come: some kinds off, some wild. Every kind a little in every
/// seed would never show what one of them alone, or a great deal of one, can do.
/// </summary>
internal static class Swarm
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(3);

    /// <summary>They take away what was acknowledged, or who should deliver it, or what leases rest on, whatever anybody does. Explored only when the configuration asks for them.</summary>
    private static readonly ImmutableHashSet<FaultKind> Destructive =
        [FaultKind.ClockJump, FaultKind.ConsumerDelete, FaultKind.PowerLoss, FaultKind.StoreBitflip, FaultKind.StoreTruncate, FaultKind.StoreZero];

    /// <param name="config">What is explored. Its <c>chaos.events</c>, when there are any, are the kinds to choose from; what is in <c>chaos.scheduled</c> happens in every seed.</param>
    /// <param name="seed">Decides all of it.</param>
    /// <param name="planted">See <see cref="SeedCase.Planted"/>.</param>
    public static SeedCase Draw(SimulationConfig config, ulong seed, ImmutableSortedSet<string> planted)
    {
        ChaosOptions options = OptionsFor(config, seed);
        FaultPlan plan = FaultPlanner.Plan(options, config.ToShape(), seed);
        SimulationConfig ofSeed = config with
        {
            Simulation = config.Simulation with { World = RunWorld.Virtual, Seed = seed },
            Chaos = config.Chaos with { Events = [], MaxConcurrent = options.MaxConcurrent, Warmup = TimeSpan.Zero, QuietBeforeEnd = TimeSpan.Zero },
        };
        return new SeedCase(ofSeed, planted).With(plan.Faults.Select(fault => fault.ToScheduled()));
    }

    private static ChaosOptions OptionsFor(SimulationConfig config, ulong seed)
    {
        RandomStream random = RandomStream.Derive(seed, "swarm");
        TimeSpan shortest = LogUniform(random, ShortestInterval, LongestInterval);
        var events = ImmutableArray.CreateBuilder<FaultChoice>();
        foreach (FaultChoice choice in Choices(config))
        {
            // From a stream of its own, so that one kind more or less changes nothing for the others.
            RandomStream lot = RandomStream.Derive(seed, $"swarm/{choice.Fault.Name}{choice.Fault.ToYaml()}");
            bool isOn = lot.NextDouble() < 0.5;
            double weight = -Math.Log(1 - lot.NextDouble()) * choice.Weight; // Exponential: one or two of them run wild.
            if (isOn && weight > 0)
            {
                events.Add(choice with { Weight = weight });
            }
        }

        return config.ToChaos() with
        {
            Events = events.ToImmutable(),
            Interval = new DurationRange(shortest, shortest * (1 + (4 * random.NextDouble()))),
            Bursts = new BurstOptions { Probability = random.NextDouble() < 0.5 ? 0 : random.NextDouble() / 2 },
            MaxConcurrent = 1 + random.Next(4),
            Warmup = TimeSpan.Zero,
            QuietBeforeEnd = TimeSpan.Zero,
        };
    }

    private static IEnumerable<FaultChoice> Choices(SimulationConfig config) => config.Chaos is { Enabled: true, Events.IsEmpty: false } chaos
        ? chaos.Events
        : FaultCatalogue.All
            .Where(entry => !Destructive.Contains(entry.Kind) && VirtualFaults.WhyNot(entry.Kind, config) is null)
            .Select(entry => new FaultChoice(new FaultSettings(entry.Kind)));

    private static TimeSpan LogUniform(RandomStream random, TimeSpan min, TimeSpan max) => min * Math.Pow(max / min, random.NextDouble());
}
