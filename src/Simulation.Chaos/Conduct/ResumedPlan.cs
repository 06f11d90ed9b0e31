using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;

namespace Simulation.Chaos;

/// <summary>The plan of a run that goes on.</summary>
internal static class ResumedPlan
{
    /// <summary>
    /// What was planned before keeps its number. A run that lasts longer than it was going to may have another plan by now: what is new in it
    /// comes after all that was planned before, unless its time has gone by.
    /// </summary>
    public static FaultPlan Of(FaultPlan plan, Resumption resumption)
    {
        ILookup<string?, long> known = resumption.Faults.Values.Where(fault => fault.Planned is not null).ToLookup(fault => fault.Planned, fault => fault.Number);
        int last = (int)resumption.Faults.Keys.Append(0).Max();
        var faults = ImmutableArray.CreateBuilder<PlannedFault>();
        foreach (IGrouping<string, PlannedFault> alike in plan.Faults.GroupBy(fault => fault.ToScheduled().ToYaml()))
        {
            long[] numbers = [.. known[alike.Key]];
            faults.AddRange(alike.Zip(numbers, (fault, number) => fault with { Number = (int)number }));
            faults.AddRange(alike.Skip(numbers.Length).Where(fault => fault.At >= resumption.SentFor).Select(fault => fault with { Number = last + fault.Number }));
        }

        return plan with { Faults = [.. faults.OrderBy(fault => fault.At).ThenBy(fault => fault.Number)] };
    }

    /// <summary>What an outage cut off is begun again, but what stays and was done by then is not done twice.</summary>
    /// <param name="fault">As it was planned.</param>
    /// <param name="resumption">With how far it had come.</param>
    /// <returns>What there is to do of it; null for nothing.</returns>
    public static PlannedFault? Rest(PlannedFault fault, Resumption resumption)
    {
        FaultSoFar soFar = resumption.Faults.GetValueOrDefault(fault.Number);
        if (soFar.IsSettled || soFar.BeganAt is not { } began)
        {
            return soFar.IsSettled ? null : fault;
        }

        if (fault.Replaces)
        {
            ImmutableArray<string> there = fault.Targets.RemoveAll(target => !resumption.Workers.Any(worker => RunShape.Worker(worker) == target));
            return there.IsEmpty ? null : fault with { Targets = there };
        }

        DateTimeOffset? changed = fault.PartitionChange != 0 ? resumption.PartitionsChangedAt : fault.ChangesWorkers ? resumption.StaffChangedAt : null;
        return changed >= began ? null : fault;
    }

    /// <summary>Whether it was going to be over before the calm at the end, and no longer is when it is begun so late.</summary>
    public static bool DisturbsTheCalm(PlannedFault fault, TimeSpan at, TimeSpan? calmFrom) => fault.End <= calmFrom && at + (fault.End - fault.At) > calmFrom;
}
