using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Kernel;

namespace Simulation.Host.Run;

/// <summary>What breaks in a run.</summary>
/// <param name="Options">What may break.</param>
/// <param name="Plan">What will, and when.</param>
internal sealed record RunChaos(ChaosOptions Options, FaultPlan Plan)
{
    /// <param name="config">Of the run.</param>
    /// <param name="seed">Of the run; <c>chaos.seed</c> wins.</param>
    /// <param name="whyNot">Null for what can be done here, otherwise why not.</param>
    /// <returns>Null for a run without chaos.</returns>
    /// <exception cref="UserErrorException">Something is asked for that cannot be done here, and is not to be skipped.</exception>
    public static RunChaos? Of(SimulationConfig config, ulong seed, Func<FaultKind, string?> whyNot)
    {
        if (!config.Chaos.Enabled)
        {
            return null;
        }

        ChaosOptions options = config.ToChaos();
        ImmutableArray<(FaultKind Kind, string WhyNot)> missing = Missing(options, whyNot);
        if (!missing.IsEmpty && !config.Chaos.SkipUnavailable)
        {
            throw new UserErrorException(ExitCode.Unavailable, string.Join(Environment.NewLine, missing.Select(one =>
                $"{FaultCatalogue.NameOf(one.Kind)} cannot be done here: {one.WhyNot}").Append("leave them out, or set chaos.skip_unavailable")));
        }

        options = Without(options, missing.Select(one => one.Kind).ToHashSet());
        return new RunChaos(options, FaultPlanner.Plan(options, config.ToShape(), config.Chaos.Seed ?? seed));
    }

    /// <summary>As many partitions as there will be at any time.</summary>
    public int MostPartitions(SimulationConfig config) => Plan.MostPartitions(config.Partitions.Count);

    /// <summary>Whether any of these is going to happen.</summary>
    public bool Has(IReadOnlySet<FaultKind> kinds) => Plan.Faults.Any(fault => kinds.Contains(fault.Kind));

    public void Start(ActorSystem system, ChaosServices services, Resumption? resumption = null) =>
        system.ActorOf(ChaosActor.Props(Plan, Options.MaxConcurrent, services, resumption), ChaosActor.Name);

    private static ImmutableArray<(FaultKind Kind, string WhyNot)> Missing(ChaosOptions options, Func<FaultKind, string?> whyNot) =>
    [
        .. options.Events.Select(choice => choice.Fault.Kind).Concat(options.Scheduled.Select(scheduled => scheduled.Fault.Kind))
            .Distinct().Order()
            .Select(kind => (kind, WhyNot: whyNot(kind)))
            .Where(one => one.WhyNot is not null)
            .Select(one => (one.kind, one.WhyNot!)),
    ];

    private static ChaosOptions Without(ChaosOptions options, HashSet<FaultKind> kinds) => options with
    {
        Events = [.. options.Events.Where(choice => !kinds.Contains(choice.Fault.Kind))],
        Scheduled = [.. options.Scheduled.Where(scheduled => !kinds.Contains(scheduled.Fault.Kind))],
    };
}
