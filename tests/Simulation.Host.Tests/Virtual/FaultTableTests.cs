using System.Collections.Immutable;
using System.Globalization;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Virtual;
using Simulation.Kernel;

namespace Simulation.Host.Tests.Virtual;

/// <summary>Every kind of fault of the catalogue, one after the other, in a virtual world: it bites, it is undone, and the run gets over it.</summary>
public sealed class FaultTableTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(90);

    /// <summary>What they destroy was acknowledged, and there is no other copy of it: the verdict may name what is gone, and nothing else.</summary>
    private static readonly ImmutableHashSet<FaultKind> MayLose =
        [FaultKind.PowerLoss, FaultKind.StoreBitflip, FaultKind.StoreTruncate, FaultKind.StoreZero];

    /// <summary>Nobody has built these yet.</summary>
    private static readonly FaultKind[] NotModelled = [FaultKind.PartitionChanges, FaultKind.NetworkBandwidth, FaultKind.ClockJump];

    private static readonly ImmutableHashSet<VerdictClass> Losses = [VerdictClass.Lost, VerdictClass.Unprocessed, VerdictClass.SequenceReused];

    public static TheoryData<string> Kinds => [.. FaultCatalogue.All.Where(entry => WhyNot(entry.Kind) is null).Select(entry => entry.Name)];

    [Fact]
    public void Kinds_OfTheVirtualWorld_AreAllButThoseThatAreNotModelled() =>
        Assert.Equal(NotModelled, FaultCatalogue.All.Select(entry => entry.Kind).Where(kind => WhyNot(kind) is not null));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fault_InAVirtualRun_BitesAndIsUndone(string name)
    {
        FaultEntry entry = FaultCatalogue.Find(name)!;
        Verdict verdict = Run(entry);

        FaultOutcome fault = Assert.Single(verdict.Faults);
        Assert.True(fault.Missed is null, $"{fault.What} did not bite: {fault.Missed}");
        Assert.False(string.IsNullOrEmpty(fault.Proof));
        Assert.NotNull(fault.Lasted);
        Assert.True(verdict.DrainFinished);
        Assert.Empty(verdict.Doubts);
        if (MayLose.Contains(entry.Kind))
        {
            Assert.All(verdict.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 }), finding => Assert.Contains(finding.Class, Losses));
            return;
        }

        Assert.True(verdict.Outcome == VerdictOutcome.Passed, string.Join(", ", verdict.Findings.Where(finding => finding.Count > 0).Select(finding => $"{finding.Count} {VerdictText.NameOf(finding.Class)}")));
        Assert.True((fault.PublishingAfter, fault.OwnershipAfter, fault.BacklogAfter) is (not null, not null, not null), $"{fault} did not recover");
    }

    private static string? WhyNot(FaultKind kind) => VirtualFaults.WhyNot(kind, Config([]));

    private static Verdict Run(FaultEntry entry)
    {
        var history = new MemoryHistoryStore("table");
        var world = new VirtualWorld(new VirtualWorldOptions
        {
            Config = Config(["chaos.enabled=true", "chaos.warmup=0s", "chaos.quiet_before_end=0s", $"chaos.scheduled=[{{at: 20s, event: {entry.Name}{(entry.Lasts ? ", for: 12s" : "")}}}]"]),
            Seed = 7,
            History = history,
            Telemetry = new Silence(),
            ChaosTelemetry = IChaosTelemetry.None,
        });
        world.RunUntil(TimeSpan.FromHours(2));
        Assert.True(world.Outcome is not null, "the run did not end");
        return world.Outcome.Judgement?.Verdict ?? throw new InvalidOperationException("The run failed.", world.Outcome.Failure);
    }

    private static SimulationConfig Config(ImmutableArray<string> more) => ConfigurationLoader.Load(new ConfigurationSources
    {
        Sets =
        [
            "simulation.world=virtual", "simulation.seed=7",
            string.Create(CultureInfo.InvariantCulture, $"simulation.duration={Duration.TotalSeconds}s"),
            "partitions.count=20", "partitions.message_rate_per_partition=1", "producers.count=2", "workers.count=4", "coordinator.validation_window=5m",
            "nats.cluster.size=3", "nats.jetstream.replicas=3",
            .. more,
        ],
    }).Config;

    private sealed class Silence : IRunTelemetry
    {
        public void MessageProcessed(TimeSpan duration)
        {
        }

        public void RebalanceCompleted(TimeSpan duration, int movedUnits)
        {
        }
    }
}
