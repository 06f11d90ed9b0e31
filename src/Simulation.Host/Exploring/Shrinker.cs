using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Kernel;

namespace Simulation.Host.Exploring;

/// <summary>
/// Delta debugging: leaves faults out, whole halves first and then one by one, until each that is left is needed; then ends the run
/// sooner and makes what lasts last less. A schedule counts as long as something of the same class goes wrong in it.
/// </summary>
/// <param name="run">Runs a schedule.</param>
/// <param name="say">Told of each step that made it smaller.</param>
internal sealed class Shrinker(Func<SeedCase, SeedResult> run, Action<string> say)
{
    private static readonly TimeSpan ShortestRun = TimeSpan.FromSeconds(10);

    /// <summary>Durations are halved this often at the most.</summary>
    private const int MostHalvings = 6;

    private ImmutableSortedSet<string> _wanted = [];

    /// <summary>Schedules tried.</summary>
    public int Tried { get; private set; }

    /// <returns>The smallest that was found, with what comes of it.</returns>
    public SeedResult Shrink(SeedResult found)
    {
        _wanted = found.Classes;
        SeedResult smallest = WithoutFaults(found);
        smallest = Sooner(smallest);
        smallest = Shorter(smallest);
        return WithoutFaults(smallest);
    }

    private SeedResult WithoutFaults(SeedResult smallest)
    {
        int parts = 2;
        while (smallest.Case.Faults.Length > 0)
        {
            ImmutableArray<ScheduledFault> faults = smallest.Case.Faults;
            int size = (faults.Length + parts - 1) / parts;
            SeedResult? smaller = Enumerable.Range(0, parts)
                .Select(part => (From: part * size, To: Math.Min((part + 1) * size, faults.Length)))
                .Where(range => range.From < range.To)
                .Select(range => Try(smallest.Case.With(faults.RemoveRange(range.From, range.To - range.From))))
                .FirstOrDefault(result => result is not null);
            if (smaller is not null)
            {
                smallest = smaller;
                say($"{smallest.Case.Faults.Length} faults left");
                parts = Math.Max(2, parts - 1);
            }
            else if (parts >= faults.Length)
            {
                break; // Each one was left out alone, and is needed.
            }
            else
            {
                parts = Math.Min(2 * parts, faults.Length);
            }
        }

        return smallest;
    }

    /// <summary>The run ends soon after what is wrong has shown.</summary>
    private SeedResult Sooner(SeedResult smallest)
    {
        for (int halving = 0; halving < MostHalvings; halving++)
        {
            TimeSpan last = smallest.Case.Faults.IsEmpty ? TimeSpan.Zero : smallest.Case.Faults.Max(fault => fault.At);
            TimeSpan duration = RoundUp(last + ((smallest.Case.Config.Simulation.Duration - last) / 2));
            if (duration < ShortestRun || duration <= last || duration >= smallest.Case.Config.Simulation.Duration
                || Try(smallest.Case.With(duration)) is not { } sooner)
            {
                break;
            }

            smallest = sooner;
            say($"{Duration.Format(duration)} are enough");
        }

        return smallest;
    }

    private SeedResult Shorter(SeedResult smallest)
    {
        for (int index = 0; index < smallest.Case.Faults.Length; index++)
        {
            for (int halving = 0; halving < MostHalvings; halving++)
            {
                if (Halved(smallest.Case.Faults[index]) is not { } halved
                    || Try(smallest.Case.With(smallest.Case.Faults.SetItem(index, halved))) is not { } shorter)
                {
                    break;
                }

                smallest = shorter;
            }
        }

        return smallest;
    }

    private static ScheduledFault? Halved(ScheduledFault fault) =>
        fault.Fault.Parameters.TryGetValue(FaultEntry.For, out string? text) && Duration.TryParse(text, out TimeSpan lasts) && lasts > TimeSpan.FromSeconds(1)
            ? fault with { Fault = fault.Fault.With(FaultEntry.For, Duration.Format(RoundUp(lasts / 2))) }
            : null;

    private static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));

    /// <returns>Null when nothing that is wanted goes wrong in it, or it cannot be.</returns>
    private SeedResult? Try(SeedCase smaller)
    {
        Tried++;
        SeedResult result = run(smaller);
        return result.Classes.Overlaps(_wanted) ? result : null;
    }
}
