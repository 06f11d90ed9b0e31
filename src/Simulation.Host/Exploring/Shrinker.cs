using System.Collections.Immutable;
using System.Globalization;
using Simulation.Chaos;
using Simulation.Kernel;

namespace Simulation.Host.Exploring;

/// <summary>
/// Delta debugging: leaves faults out, whole halves first and then one by one, until each that is left is needed; then ends the run
/// sooner and makes what lasts last less. A schedule counts as long as something of the same class goes wrong in it. Leaving one fault out may
/// change who leads, and then none can be spared although two could: where more than a few are left, pairs are tried, and other orders from the beginning.
/// </summary>
/// <param name="run">Runs a schedule.</param>
/// <param name="say">Told of each step that made it smaller.</param>
internal sealed class Shrinker(Func<SeedCase, SeedResult> run, Action<string> say)
{
    private static readonly TimeSpan ShortestRun = TimeSpan.FromSeconds(10);

    /// <summary>Durations are halved this often at the most.</summary>
    private const int MostHalvings = 6;

    /// <summary>With so many, people see at once what matters: nothing more is tried.</summary>
    public const int Few = 3;

    /// <summary>Schedules that are tried to come down to a few, when one by one did not.</summary>
    private const int MostSecondTries = 150;

    private ImmutableSortedSet<string> _wanted = [];
    private int _mayTry;

    /// <summary>Schedules tried.</summary>
    public int Tried { get; private set; }

    /// <returns>The smallest that was found, with what comes of it.</returns>
    public SeedResult Shrink(SeedResult found)
    {
        _wanted = found.Classes;
        SeedResult smallest = WithoutFaults(found);
        _mayTry = Tried + MostSecondTries;
        smallest = WithoutPairs(smallest);
        for (int order = 1; smallest.Case.Faults.Length > Few && Tried < _mayTry; order++)
        {
            SeedResult other = WithoutPairs(WithoutFaults(InAnotherOrder(found, order)));
            smallest = other.Case.Faults.Length < smallest.Case.Faults.Length ? other : smallest;
        }

        smallest = Sooner(smallest);
        smallest = Shorter(smallest);
        return WithoutFaults(smallest);
    }

    /// <summary>Every two of those that are needed one by one.</summary>
    private SeedResult WithoutPairs(SeedResult smallest)
    {
        while (smallest.Case.Faults.Length > Few)
        {
            ImmutableArray<ScheduledFault> faults = smallest.Case.Faults;
            SeedResult? smaller = Pairs(faults.Length)
                .TakeWhile(_ => Tried < _mayTry)
                .Select(pair => Try(smallest.Case.With(faults.RemoveAt(pair.Second).RemoveAt(pair.First))))
                .FirstOrDefault(result => result is not null);
            if (smaller is null)
            {
                break;
            }

            smallest = WithoutFaults(smaller);
            say($"{smallest.Case.FaultsInWords} left, two at a time");
        }

        return smallest;
    }

    private static IEnumerable<(int First, int Second)> Pairs(int count) =>
        Enumerable.Range(0, count).SelectMany(second => Enumerable.Range(0, second).Select(first => (first, second)));

    /// <summary>One by one, whatever can be spared, in an order that is drawn.</summary>
    private SeedResult InAnotherOrder(SeedResult found, int order)
    {
        RandomStream random = RandomStream.Derive(found.Seed, string.Create(CultureInfo.InvariantCulture, $"shrink/{order}"));
        ScheduledFault[] drawn = [.. found.Case.Faults];
        random.Shuffle<ScheduledFault>(drawn);
        SeedResult smallest = found;
        foreach (ScheduledFault fault in drawn.TakeWhile(_ => Tried < _mayTry))
        {
            smallest = Try(smallest.Case.With(smallest.Case.Faults.Remove(fault, ReferenceEqualityComparer.Instance))) ?? smallest;
        }

        return smallest;
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
                say($"{smallest.Case.FaultsInWords} left");
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
