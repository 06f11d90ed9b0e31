using System.Collections.Immutable;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Exploring;
using Xunit.Abstractions;

namespace Simulation.Host.Tests.Exploring;

/// <summary>Exploring finds the mistakes that we plant, makes what it found small, and says nothing where there is no mistake.</summary>
public sealed class PlantedBugsTests(ITestOutputHelper output)
{
    private const string LeadersCutOff = "{name: network_partition, targets: worker-0, for: 5-18s}, {name: network_partition, targets: worker-1, for: 5-18s}, "
        + "{name: network_partition, targets: worker-2, for: 5-18s}, worker_restart, worker_crash";

    private const string EffectivelyOnce = "guarantees.effectively_once=true";

    private const ulong MostSeeds = 500;
    private const int MostFaults = 3;

    private static readonly ImmutableArray<Planted> All =
    [
        new("ack-before-processing", "unprocessed"),
        new("fetch-stalls-after-409", "stuck", "consumer_delete"),
        new("hand-over-without-waiting", "concurrent owners"),
        new("id-claimed-twice", "concurrent owners", "worker_crash"),
        new("lease-renewed-after-expiry", "concurrent owners"),
        new("max-deliver-exhausted", "unprocessed"),
        new("no-fencing", "concurrent owners", LeadersCutOff,
            "simulation.duration=3m", "workers.count=4", "workers.group.planned_change_window=3900ms", "workers.assignment_strategy=RoundRobin", "workers.processing_delay.min=500ms"),
        new("publish-before-intent", "stored twice", "server_pause, {name: producer_crash, for: 12-30s}",
            EffectivelyOnce, "nats.jetstream.duplicate_window=10s", "producers.publish_timeout=5s"),
        new("retry-beyond-duplicate-window", "stored twice",
            "{name: network_latency, targets: [producer-0, producer-1]}, {name: server_kill, for: 6-30s}", EffectivelyOnce),
        new("retry-under-new-identity", "corrupt"),
        new("tail-forgotten-in-drain", "unprocessed"),
        new("watch-misses-delete", "stuck", "scale_down"),
    ];

    public static TheoryData<string> Bugs => [.. All.Select(planted => planted.Bug)];

    [Fact]
    public void Plant_EveryBugThereIs_HasItsTest() => Assert.Equal([.. PlantOption.Bugs], All.Select(planted => planted.Bug).ToArray());

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Explore_PlantedBug_IsFoundAndShrunkToAFewFaults(string bug)
    {
        Planted planted = All.Single(one => one.Bug == bug);

        SeedResult found = Find(planted);

        var shrinker = new Shrinker(smaller => SeedRunner.Run(smaller), _ => { });
        SeedResult smallest = shrinker.Shrink(found with { Classes = [planted.Class] });
        output.WriteLine($"{found.Why} in seed {found.Seed}, {found.Case.Faults.Length} faults; {smallest.Why}, {smallest.Case.Faults.Length} faults: "
            + $"{string.Join(" ", smallest.Case.Faults.Select(fault => fault.ToYaml()))}; {shrinker.Tried} schedules tried");
        Assert.Contains(planted.Class, smallest.Classes);
        Assert.InRange(smallest.Case.Faults.Length, 0, MostFaults);
    }

    /// <summary>The first seed that shows it, and does not without the bug: a small duplicate window alone may store twice.</summary>
    private static SeedResult Find(Planted planted)
    {
        SimulationConfig config = ExploringConfig.Create(planted.Events, planted.Sets);
        for (ulong seed = 1; seed <= MostSeeds; seed++)
        {
            SeedResult result = SeedRunner.Run(Swarm.Draw(config, seed, [planted.Bug]));
            if (result.Classes.Contains(planted.Class) && !SeedRunner.Run(result.Case with { Planted = [] }).Classes.Contains(planted.Class))
            {
                return result;
            }
        }

        throw new InvalidOperationException($"{planted.Bug} was not found in {MostSeeds} seeds");
    }

    /// <param name="Bug">Its name.</param>
    /// <param name="Class">What it breaks.</param>
    /// <param name="Events">Faults to draw from; empty for all that there are.</param>
    /// <param name="Sets">What is different from the small run.</param>
    private sealed record Planted(string Bug, string Class, string Events = "", params string[] Sets);
}
