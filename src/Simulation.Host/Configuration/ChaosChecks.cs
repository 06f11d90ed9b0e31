using Simulation.Chaos;
using Simulation.Host.Run;
using Simulation.Kernel;

namespace Simulation.Host.Configuration;

/// <summary>What must hold between the chaos section and the run that it is for.</summary>
internal static class ChaosChecks
{
    private const int MostNumbers = 10_000;

    public static IEnumerable<Problem> Problems(SimulationConfig config, IReadOnlyDictionary<string, Origin> origins)
    {
        if (!config.Chaos.Enabled)
        {
            return [];
        }

        ChaosOptions options = config.ToChaos();
        RunShape shape = config.ToShape();
        return Ranges(options, shape)
            .Concat(Events(options, shape))
            .Concat(options.Events.Select((choice, index) => ($"chaos.events[{index}]", PlanCheck.LeaderIsReplaced(choice.Fault)!)).Where(found => found.Item2 is not null))
            .Concat(PlanCheck.Scheduled(options, shape).Select(found => ($"chaos.scheduled[{found.Index}]", found.Problem)))
            .Select(found => Locate(found.Item1, found.Item2, origins));
    }

    private static IEnumerable<(string Key, string Problem)> Ranges(ChaosOptions options, RunShape shape)
    {
        if (options.MinWorkers > options.MaxWorkers)
        {
            yield return ("chaos.min_workers", $"{options.MinWorkers} is above max_workers, {options.MaxWorkers}");
        }

        TimeSpan time = TimeForEvents(options, shape);
        if (!options.Events.IsEmpty && time > TimeSpan.Zero && options.Interval.Min > time)
        {
            yield return ("chaos.interval", $"{options.Interval} never comes round: between warm-up and quiet end there are {Duration.Format(time)}; "
                + "give a shorter one, or a longer simulation.duration");
        }

        int targets = options.MaxWorkers + shape.Producers + shape.Servers.Length;
        if (options.MaxConcurrent > targets)
        {
            yield return ("chaos.max_concurrent", $"{options.MaxConcurrent} faults at a time need as many targets, and there are {targets} "
                + $"({options.MaxWorkers} workers, {shape.Producers} producers, {shape.Servers.Length} servers)");
        }
    }

    private static IEnumerable<(string Key, string Problem)> Events(ChaosOptions options, RunShape shape) => options.Events.SelectMany((choice, index) =>
        UnknownTargets(choice.Fault, options, shape).Concat(TooLong(choice.Fault, options, shape)).Select(problem => ($"chaos.events[{index}]", problem)));

    /// <summary>Names that are there at no time. Replacements have higher numbers than there are workers at a time.</summary>
    private static IEnumerable<string> UnknownTargets(FaultSettings fault, ChaosOptions options, RunShape shape) =>
        PlanCheck.UnknownTargets(fault, shape, Enumerable.Range(0, options.MayReplace ? MostNumbers : options.MaxWorkers))
            .Select(target => $"there is no {target} for {fault.Name}; {PlanCheck.KnownTargets(fault, shape, Enumerable.Range(0, options.MaxWorkers))}");

    /// <summary>What is asked to last longer than there is time would never be drawn.</summary>
    private static IEnumerable<string> TooLong(FaultSettings fault, ChaosOptions options, RunShape shape)
    {
        TimeSpan time = TimeForEvents(options, shape);
        if (fault.Parameters.GetValueOrDefault(FaultEntry.For) is { } lasts && DurationRange.TryParse(lasts, out DurationRange range) && time > TimeSpan.Zero && range.Min > time)
        {
            yield return $"{fault.Name}, for: {lasts} never fits: between warm-up and quiet end there are {Duration.Format(time)}";
        }
    }

    private static TimeSpan TimeForEvents(ChaosOptions options, RunShape shape) => shape.Duration - options.Warmup - options.QuietBeforeEnd;

    /// <summary>What nobody gave is shown where chaos was switched on.</summary>
    private static Problem Locate(string key, string problem, IReadOnlyDictionary<string, Origin> origins)
    {
        string list = key.Split('[')[0];
        string[] places = [key, list, "chaos.enabled"];
        return new Problem(origins.GetValueOrDefault(places.FirstOrDefault(origins.ContainsKey) ?? list, Origin.Default), $"{list}: {problem}");
    }
}
