using System.Collections.Immutable;
using System.Text;

namespace Simulation.Chaos;

/// <summary>What breaks in a run, and when: in the order of time.</summary>
public sealed record FaultPlan(ImmutableArray<PlannedFault> Faults)
{
    public static FaultPlan Empty { get; } = new([]);

    /// <summary>Since sending began: what is drawn is over by then. Null when there is no such time.</summary>
    public TimeSpan? CalmFrom { get; init; }

    /// <summary>In the order of time, numbered anew.</summary>
    public static FaultPlan Of(IEnumerable<PlannedFault> faults) =>
        new([.. faults.OrderBy(fault => fault.At).Select((fault, index) => fault with { Number = index + 1 })]);

    /// <summary>As many partitions as there are at any time, of a run that begins with so many.</summary>
    public int MostPartitions(int atStart)
    {
        (int now, int most) = (atStart, atStart);
        foreach (PlannedFault fault in Faults)
        {
            now += fault.PartitionChange;
            most = Math.Max(most, now);
        }

        return most;
    }

    /// <summary>As <c>chaos.scheduled</c>: a configuration that this is appended to breaks the same things at the same times.</summary>
    public string ToYaml()
    {
        var text = new StringBuilder("chaos:\n  enabled: true\n  events: []\n  scheduled:\n");
        foreach (PlannedFault fault in Faults)
        {
            text.Append("    - ").Append(fault.ToScheduled().ToYaml()).Append('\n');
        }

        return text.ToString();
    }
}
