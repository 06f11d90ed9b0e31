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
    /// <param name="warn">Told what is skipped.</param>
    /// <returns>Null for a run without chaos.</returns>
    /// <exception cref="UserErrorException">Something is asked for that cannot be done here, and is not to be skipped.</exception>
    public static RunChaos? Of(SimulationConfig config, ulong seed, Func<FaultSettings, string?> whyNot, Action<string>? warn = null)
    {
        if (!config.Chaos.Enabled)
        {
            return null;
        }

        ChaosOptions options = config.ToChaos();
        ImmutableDictionary<FaultSettings, string> missing = Missing(options, whyNot);
        string[] told = [.. missing.Select(one => $"{one.Key.Name} cannot be done here: {one.Value}").Distinct().Order(StringComparer.Ordinal)];
        if (!missing.IsEmpty && !config.Chaos.SkipUnavailable)
        {
            throw new UserErrorException(ExitCode.Unavailable, string.Join(Environment.NewLine, told.Append("leave them out, or set chaos.skip_unavailable")));
        }

        foreach (string one in told)
        {
            warn?.Invoke($"{one}; it is skipped");
        }

        options = Without(options, missing);
        FaultPlan plan = FaultPlanner.Plan(options, config.ToShape(), config.Chaos.Seed ?? seed);
        if (plan.Faults.IsEmpty)
        {
            warn?.Invoke("chaos is on, and nothing will break: the plan of this seed has no fault; simulation chaos plan shows others");
        }

        return new RunChaos(options, plan);
    }

    /// <summary>As many partitions as there will be at any time.</summary>
    public int MostPartitions(SimulationConfig config) => Plan.MostPartitions(config.Partitions.Count);

    /// <summary>Whether any of these is going to happen.</summary>
    public bool Has(IReadOnlySet<FaultKind> kinds) => Plan.Faults.Any(fault => kinds.Contains(fault.Kind));

    public IActorRef Start(ActorSystem system, ChaosServices services, Resumption? resumption = null) =>
        system.ActorOf(ChaosActor.Props(Plan, Options.MaxConcurrent, services, resumption), ChaosActor.Name);

    /// <summary>By what was asked for, which is looked up as the same object.</summary>
    private static ImmutableDictionary<FaultSettings, string> Missing(ChaosOptions options, Func<FaultSettings, string?> whyNot)
    {
        var missing = ImmutableDictionary.CreateBuilder<FaultSettings, string>(ReferenceEqualityComparer.Instance);
        foreach (FaultSettings fault in options.Events.Select(choice => choice.Fault).Concat(options.Scheduled.Select(scheduled => scheduled.Fault)))
        {
            if (whyNot(fault) is { } why)
            {
                missing[fault] = why;
            }
        }

        return missing.ToImmutable();
    }

    private static ChaosOptions Without(ChaosOptions options, ImmutableDictionary<FaultSettings, string> missing) => options with
    {
        Events = [.. options.Events.Where(choice => !missing.ContainsKey(choice.Fault))],
        Scheduled = [.. options.Scheduled.Where(scheduled => !missing.ContainsKey(scheduled.Fault))],
    };
}
