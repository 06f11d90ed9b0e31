using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>What is wrong with what was asked for, given the run that it is asked for.</summary>
public static class PlanCheck
{
    /// <summary>What a certain fault may be given, without knowing the run.</summary>
    /// <returns>Null when it may; otherwise why not.</returns>
    public static string? Targets(FaultEntry entry, ImmutableArray<string> targets)
    {
        string choices = string.Join(", ", entry.Choices.Select(TargetWords.Write));
        if (entry.Targets == TargetKind.Run)
        {
            return targets.IsEmpty ? null : $"{entry.Name} has no targets";
        }

        return TargetWords.Choice(targets) is { } choice && !entry.Choices.Contains(choice)
            ? $"{entry.Name} cannot hit '{TargetWords.Write(choice)}'; give names or one of {choices}"
            : targets.Distinct(StringComparer.Ordinal).Count() < targets.Length ? "a target is named twice" : null;
    }

    /// <summary>Targets that are given by name and are not there when these workers are.</summary>
    public static IEnumerable<string> UnknownTargets(FaultSettings fault, RunShape shape, IEnumerable<int> workers) =>
        TargetWords.Choice(fault.Targets) is null
            ? fault.Targets.Except(shape.Targets(FaultCatalogue.Of(fault.Kind).Targets, workers), StringComparer.Ordinal)
            : [];

    /// <summary>Which targets a fault of that kind has when these workers are there, in words.</summary>
    public static string KnownTargets(FaultSettings fault, RunShape shape, IEnumerable<int> workers)
    {
        string[] there = [.. shape.Targets(FaultCatalogue.Of(fault.Kind).Targets, workers)];
        return there.Length == 0 ? "there is none" : there.Length == 1 ? $"there is only {there[0]}" : $"there are {there[0]} to {there[^1]}";
    }

    /// <returns>Why the leader cannot be replaced, when it is to be; else null.</returns>
    public static string? LeaderIsReplaced(FaultSettings fault) =>
        TargetWords.Choice(fault.Targets) == TargetChoice.Leader && fault.Parameters.GetValueOrDefault(FaultEntry.Replaced) == "true"
            ? "nobody knows beforehand which number the leader has, so it cannot be replaced; give names, or one, some or all"
            : null;

    /// <summary>The scheduled faults that have no place in the run, each with the reason.</summary>
    public static IEnumerable<(int Index, string Problem)> Scheduled(ChaosOptions options, RunShape shape)
    {
        var timeline = new Timeline(options, shape);
        var drawing = new FaultDrawing(timeline, shape, seed: 0);
        foreach ((ScheduledFault scheduled, int index) in options.Scheduled.Select((scheduled, index) => (scheduled, index)).OrderBy(entry => entry.scheduled.At))
        {
            if (drawing.Draw("check", scheduled.At, null, scheduled.Fault) is { } fault)
            {
                timeline.Add(fault);
            }
            else
            {
                yield return (index, WhyNot(scheduled, options, shape, timeline));
            }
        }
    }

    private static string WhyNot(ScheduledFault scheduled, ChaosOptions options, RunShape shape, Timeline timeline)
    {
        FaultSettings fault = scheduled.Fault;
        FaultEntry entry = FaultCatalogue.Of(fault.Kind);
        string at = Duration.Format(scheduled.At);
        string[] there = [.. shape.Targets(entry.Targets, timeline.WorkersAt(scheduled.At))];
        string[] unknown = [.. UnknownTargets(fault, shape, timeline.WorkersAt(scheduled.At))];
        if (unknown.Length > 0)
        {
            return $"there is no {unknown[0]} for {fault.Name} at {at}; {KnownTargets(fault, shape, timeline.WorkersAt(scheduled.At))}";
        }

        return fault.Kind switch
        {
            FaultKind.ScaleUp => $"no room for scale_up at {at}: {timeline.WorkersAt(scheduled.At).Count} workers by then, and at most {options.MaxWorkers} wanted",
            FaultKind.ScaleDown => $"no room for scale_down at {at}: {timeline.WorkersAt(scheduled.At).Count} workers by then, at least {options.MinWorkers} wanted, and none that goes may be busy with another fault",
            _ when LeaderIsReplaced(fault) is { } problem => $"{fault.Name} at {at}: {problem}",
            FaultKind.PartitionChanges when !timeline.MissesServers(new PlannedFault { Number = 0, At = scheduled.At, Kind = fault.Kind }) =>
                $"no room for partition_changes at {at}: {timeline.PartitionsAt(scheduled.At)} partitions by then, at least {options.MinPartitions} and at most {options.MaxPartitions} wanted",
            _ when !timeline.HasRoom(scheduled.At, scheduled.At) => $"{fault.Name} at {at} would be one more than chaos.max_concurrent, {options.MaxConcurrent}, at a time",
            _ when timeline.MissesServers(new PlannedFault { Number = 0, At = scheduled.At, Kind = fault.Kind }) =>
                $"{fault.Name} at {at} needs a server, and one is away then",
            _ when there.Length == 0 && entry.Targets != TargetKind.Run => $"there is nobody that {fault.Name} at {at} could hit",
            _ => $"what {fault.Name} at {at} would hit is still busy with an earlier fault",
        };
    }
}
