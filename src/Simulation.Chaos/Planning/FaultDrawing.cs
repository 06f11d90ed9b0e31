using System.Collections.Immutable;
using System.Globalization;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>Fills in whatever is not said about a fault, so that it fits into what is planned already.</summary>
internal sealed class FaultDrawing(Timeline timeline, RunShape shape, ulong seed)
{
    /// <summary>How much likelier the first choice of targets is than each of the others.</summary>
    private const double WeightOfFirst = 6;

    /// <param name="moment">The name of the moment: from it and the seed follows what is drawn.</param>
    /// <param name="at">When.</param>
    /// <param name="overBy">When it must be over; null for whenever it is.</param>
    /// <param name="settings">What is said.</param>
    /// <returns>Null when it does not fit.</returns>
    public PlannedFault? Draw(string moment, TimeSpan at, TimeSpan? overBy, FaultSettings settings)
    {
        FaultEntry entry = FaultCatalogue.Of(settings.Kind);
        var streams = new Streams(seed, $"chaos/{moment}/{entry.Name}");
        var values = entry.Parameters.ToImmutableSortedDictionary(
            parameter => parameter.Name,
            parameter => parameter.Draw(settings.Parameters.GetValueOrDefault(parameter.Name, parameter.Default), streams.For(parameter.Name)),
            StringComparer.Ordinal);
        var fault = new PlannedFault { Number = 0, At = at, Kind = settings.Kind, Parameters = values.Remove(FaultEntry.For) };
        if (!TryLast(entry, settings, values, overBy, ref fault) || !timeline.HasRoom(at, fault.End) || timeline.MissesServers(fault))
        {
            return null;
        }

        PlannedFault? drawn = entry.Kind switch
        {
            FaultKind.ScaleUp => Scaled(entry, settings, fault, timeline.RoomAbove(at)),
            FaultKind.ScaleDown => Scaled(entry, settings, fault, timeline.RoomBelow(at)),
            FaultKind.PartitionChanges => PartitionsChanged(entry, settings, fault),
            _ when entry.Targets == TargetKind.Run => fault,
            _ => TargetsOf(entry, settings, fault, streams) is { } targets ? fault with { Targets = targets } : null,
        };
        return drawn is not null && timeline.KeepsLaterTargets(drawn) ? drawn : null;
    }

    /// <summary>What was drawn too long is cut to what is left, unless that is shorter than asked for.</summary>
    private static bool TryLast(
        FaultEntry entry, FaultSettings settings, ImmutableSortedDictionary<string, string> values, TimeSpan? overBy, ref PlannedFault fault)
    {
        if (!entry.Lasts)
        {
            return overBy is null || fault.At <= overBy;
        }

        Duration.TryParse(values[FaultEntry.For], out TimeSpan time);
        TimeSpan left = (overBy ?? TimeSpan.MaxValue) - fault.At;
        DurationRange.TryParse(settings.Parameters.GetValueOrDefault(FaultEntry.For, entry.Find(FaultEntry.For)!.Default), out DurationRange asked);
        fault = fault with { For = time < left ? time : left };
        return left >= asked.Min;
    }

    /// <summary>Fewer, where more would take away whom a later fault is for.</summary>
    private PlannedFault? Scaled(FaultEntry entry, FaultSettings settings, PlannedFault fault, int room)
    {
        PlannedFault? scaled = Limited(entry, settings, fault, room);
        while (scaled is not null && !timeline.KeepsLaterTargets(scaled))
        {
            scaled = Limited(entry, settings, fault, scaled.Count(FaultEntry.By) - 1);
        }

        return scaled;
    }

    /// <summary>The way that was drawn, unless there is room the other way only and nobody said which.</summary>
    private PlannedFault? PartitionsChanged(FaultEntry entry, FaultSettings settings, PlannedFault fault)
    {
        string drawn = fault.Word(FaultEntry.Change);
        string other = drawn == FaultEntry.Add ? FaultEntry.Retire : FaultEntry.Add;
        bool isDrawn = settings.Parameters.GetValueOrDefault(FaultEntry.Change, WordParameter.AnyOf) == WordParameter.AnyOf;
        return OneWay(drawn) ?? (isDrawn ? OneWay(other) : null);

        PlannedFault? OneWay(string way) => Limited(
            entry, settings, fault with { Parameters = fault.Parameters.SetItem(FaultEntry.Change, way) },
            way == FaultEntry.Add ? timeline.PartitionsAbove(fault.At) : timeline.PartitionsBelow(fault.At));
    }

    /// <summary>As many as there is room for, unless that is fewer than asked for.</summary>
    private static PlannedFault? Limited(FaultEntry entry, FaultSettings settings, PlannedFault fault, int room)
    {
        CountRange.TryParse(settings.Parameters.GetValueOrDefault(FaultEntry.By, entry.Find(FaultEntry.By)!.Default), out CountRange asked);
        int by = Math.Min(room, fault.Count(FaultEntry.By));
        return by < Math.Max(1, asked.Min) ? null : fault with { Parameters = fault.Parameters.SetItem(FaultEntry.By, by.ToString(CultureInfo.InvariantCulture)) };
    }

    /// <returns>Null when nobody can be hit as it was said.</returns>
    private ImmutableArray<string>? TargetsOf(FaultEntry entry, FaultSettings settings, PlannedFault fault, Streams streams)
    {
        string[] there = [.. shape.Targets(entry.Targets, timeline.WorkersAt(fault.At))];
        string[] free = [.. there.Where(target => timeline.IsFree(target, fault.At, fault.End))];
        if (TargetWords.Choice(settings.Targets) is not { } said)
        {
            return settings.Targets.IsEmpty ? AnyOf(entry, fault, there, free, streams)
                : settings.Targets.All(free.Contains) ? settings.Targets
                : null;
        }

        return Chosen(said, entry, fault, there, free, streams);
    }

    private ImmutableArray<string>? AnyOf(FaultEntry entry, PlannedFault fault, string[] there, string[] free, Streams streams) => entry.Choices
        .OrderBy(choice => streams.For($"choice/{choice}").Exponential(TimeSpan.FromHours(1)) / (choice == entry.Choices[0] ? WeightOfFirst : 1))
        .Select(choice => Chosen(choice, entry, fault, there, free, streams))
        .FirstOrDefault(targets => targets is not null);

    private ImmutableArray<string>? Chosen(
        TargetChoice choice, FaultEntry entry, PlannedFault fault, string[] there, string[] free, Streams streams) => choice switch
    {
        TargetChoice.One when free.Length > 0 => [.. ByLot(free, streams).Take(1)],
        TargetChoice.Some when free.Length > 1 => [.. ByLot(free, streams).Take(Several(there.Length, streams)).OrderBy(target => Array.IndexOf(there, target))],
        TargetChoice.All when free.Length == there.Length && free.Length > 0 => [.. there],
        TargetChoice.Leader when there.Length > 0 && !fault.Replaces && timeline.IsLeaderFree(entry.Targets, fault.At, fault.End) => [PlannedFault.Leader],
        _ => null,
    };

    /// <summary>Each draws a lot of its own, so that one who is not there changes nothing for the others.</summary>
    private static IEnumerable<string> ByLot(string[] names, Streams streams) => names.OrderBy(name => streams.For($"target/{name}").NextUInt64());

    private static int Several(int there, Streams streams) => 2 + streams.For("several").Next(Math.Max(1, (there / 2) - 1));

    /// <summary>A stream of chance for each thing that is drawn.</summary>
    private readonly record struct Streams(ulong Seed, string Name)
    {
        public RandomStream For(string what) => RandomStream.Derive(Seed, $"{Name}/{what}");
    }
}
