using System.Collections.Immutable;
using System.Globalization;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>
/// Options, the shape of the run and a seed to a plan: a pure function. Every moment at which something may happen has a name, and
/// whatever is drawn there has a stream of chance of its own, named after the moment, the kind and what is drawn. At each moment every
/// kind draws a lot and the smallest wins. So taking a kind away, or a parameter, changes only the moments that it had won, and what
/// those get in the way of.
/// </summary>
public static class FaultPlanner
{
    /// <exception cref="ArgumentException">A scheduled fault has no place; <see cref="PlanCheck"/> tells all of them before.</exception>
    public static FaultPlan Plan(ChaosOptions options, RunShape shape, ulong seed)
    {
        var timeline = new Timeline(options, shape);
        var drawing = new FaultDrawing(timeline, shape, seed);
        foreach (ScheduledFault scheduled in options.Scheduled.OrderBy(scheduled => scheduled.At))
        {
            string moment = $"at {Duration.Format(scheduled.At)}";
            timeline.Add(drawing.Draw(moment, scheduled.At, null, scheduled.Fault)
                ?? throw new ArgumentException($"{scheduled.ToYaml()} has no place: its targets are not there or busy, or too much is going on."));
        }

        TimeSpan calmFrom = shape.Duration - options.QuietBeforeEnd;
        foreach ((string moment, TimeSpan at) in Moments(options, calmFrom, seed))
        {
            PlannedFault? drawn = ByLot(options.Events, moment, seed)
                .Select(choice => drawing.Draw(moment, at, calmFrom, choice.Fault))
                .FirstOrDefault(fault => fault is not null);
            if (drawn is not null)
            {
                timeline.Add(drawn);
            }

            timeline.Forget(before: at);
        }

        return FaultPlan.Of(timeline.Faults) with { CalmFrom = calmFrom };
    }

    /// <summary>When something may happen: one moment after another, or a burst of them.</summary>
    private static IEnumerable<(string Moment, TimeSpan At)> Moments(ChaosOptions options, TimeSpan calmFrom, ulong seed)
    {
        if (options.Events.IsEmpty)
        {
            yield break;
        }

        TimeSpan quietUntil = TimeSpan.Zero;
        TimeSpan at = options.Warmup;
        for (int number = 0; ; number++)
        {
            RandomStream random = RandomStream.Derive(seed, string.Create(CultureInfo.InvariantCulture, $"chaos/{number}"));
            at += Next(random, options.Interval);
            at = at < quietUntil ? quietUntil : at;
            int faults = random.NextDouble() < options.Bursts.Probability
                ? options.Bursts.Events.Min + random.Next(options.Bursts.Events.Max - options.Bursts.Events.Min + 1)
                : 1;
            TimeSpan one = at;
            for (int burst = 0; burst < faults && one < calmFrom; burst++)
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"{number}.{burst}"), one);
                quietUntil = faults > 1 ? one + Next(random, options.Bursts.Quiet) : quietUntil;
                one += Next(random, options.Bursts.Spacing);
            }

            if (at >= calmFrom)
            {
                yield break;
            }
        }
    }

    /// <summary>Each kind draws from its own stream; dividing by the weight makes a kind win as often as it weighs.</summary>
    private static IEnumerable<FaultChoice> ByLot(ImmutableArray<FaultChoice> choices, string moment, ulong seed)
    {
        var drawn = new List<(double Lot, FaultChoice Choice)>();
        foreach (IGrouping<FaultKind, FaultChoice> kind in choices.GroupBy(choice => choice.Fault.Kind))
        {
            RandomStream random = RandomStream.Derive(seed, $"chaos/{moment}/{kind.First().Fault.Name}/lot");
            drawn.AddRange(kind.Select(choice => (-Math.Log(1 - random.NextDouble()) / choice.Weight, choice)));
        }

        return drawn.OrderBy(entry => entry.Lot).Select(entry => entry.Choice);
    }

    private static TimeSpan Next(RandomStream random, DurationRange range)
    {
        TimeSpan drawn = range.Min == range.Max ? range.Min : random.Uniform(range.Min, range.Max);
        return new TimeSpan(drawn.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
    }
}
