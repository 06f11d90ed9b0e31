namespace Simulation.Chaos;

/// <summary>Which workers there are, by number, as one fault after another changes it; the coordinator goes by the same rules.</summary>
internal sealed class Crew
{
    private readonly RunShape _shape;
    private readonly SortedSet<int> _numbers;
    private int _highest;

    public Crew(RunShape shape, IEnumerable<PlannedFault> faults)
    {
        _shape = shape;
        _numbers = [.. Enumerable.Range(0, shape.Workers)];
        _highest = shape.Workers - 1;
        foreach (PlannedFault fault in faults)
        {
            Apply(fault);
        }
    }

    /// <summary>In ascending order.</summary>
    public IReadOnlyCollection<int> Numbers => _numbers;

    private void Apply(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.ScaleUp:
                Add(fault.Count(FaultEntry.By));
                break;
            case FaultKind.ScaleDown:
                _numbers.ExceptWith(_numbers.Reverse().Take(fault.Count(FaultEntry.By)).ToArray());
                break;
            default:
                // Of those that are there before any of them goes: a successor is not hit, although it may share a process with the next target.
                Replace([.. fault.Targets.SelectMany(target => _numbers.Where(number => _shape.AreTogether(RunShape.Worker(number), target))).Distinct()]);
                break;
        }
    }

    /// <summary>The lowest that are free.</summary>
    private void Add(int count)
    {
        for (int number = 0; count > 0; number++)
        {
            count -= _numbers.Add(number) ? 1 : 0;
            _highest = Math.Max(_highest, number);
        }
    }

    /// <summary>Whoever shares a process goes together.</summary>
    private void Replace(int[] victims)
    {
        _numbers.ExceptWith(victims);
        foreach (int _ in victims)
        {
            _numbers.Add(++_highest);
        }
    }
}
