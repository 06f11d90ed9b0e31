using System.Collections.Immutable;
using Simulation.Actors;

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

        return new FaultPlan([.. faults.OrderBy(fault => fault.At).ThenBy(fault => fault.Number)]);
    }
}
