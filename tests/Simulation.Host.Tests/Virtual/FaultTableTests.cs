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

    /// <summary>They may destroy what was acknowledged, or what leases rest on: the verdict may name that, and nothing else.</summary>
    private static readonly ImmutableHashSet<FaultKind> MayHurt =
        [FaultKind.ClockJump, FaultKind.PowerLoss, FaultKind.StoreBitflip, FaultKind.StoreTruncate, FaultKind.StoreZero];

    private static readonly ImmutableHashSet<VerdictClass> Harm = [VerdictClass.ConcurrentOwners, VerdictClass.Lost, VerdictClass.Unprocessed, VerdictClass.SequenceReused];

    /// <summary>Each kind with each way to choose its targets.</summary>
    public static IEnumerable<object[]> Kinds =>
        from entry in FaultCatalogue.All
        where WhyNot(entry.Kind) is null
        from targets in entry.Choices.IsEmpty ? [""] : entry.Choices.Select(TargetWords.Write)
        select new object[] { entry.Name, targets };

    [Fact]
    public void Kinds_OfTheVirtualWorld_AreAllThereAre() =>
        Assert.All(FaultCatalogue.All, entry => Assert.Null(WhyNot(entry.Kind)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fault_InAVirtualRun_BitesAndIsUndone(string name, string targets)
    {
        FaultEntry entry = FaultCatalogue.Find(name)!;
        Verdict verdict = Run(entry, targets);

        FaultOutcome fault = Assert.Single(verdict.Faults);
        Assert.True(fault.Missed is null, $"{fault.What} did not bite: {fault.Missed}");
        Assert.False(string.IsNullOrEmpty(fault.Proof));
        Assert.NotNull(fault.Lasted);
        Assert.True(verdict.DrainFinished);
        Assert.Empty(verdict.Doubts);
        if (MayHurt.Contains(entry.Kind))
        {
            Assert.All(verdict.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 }), finding => Assert.Contains(finding.Class, Harm));
            return;
        }

        Assert.True(verdict.Outcome == VerdictOutcome.Passed, string.Join(", ", verdict.Findings.Where(finding => finding.Count > 0).Select(finding => $"{finding.Count} {VerdictText.NameOf(finding.Class)}")));
        Assert.True((fault.PublishingAfter, fault.OwnershipAfter, fault.BacklogAfter) is (not null, not null, not null), $"{fault} did not recover");
    }

    [Fact]
    public void WorkerCrash_Replaced_SomebodyNewComesAndIsHitLater()
    {
        Verdict verdict = Run(
            "{at: 20s, event: worker_crash, targets: [worker-1, worker-3], for: 3s, replaced: true}",
            "{at: 60s, event: worker_restart, targets: [worker-4]}", "{at: 61s, event: worker_pause, targets: [worker-5], for: 5s}");

        Assert.Equal(VerdictOutcome.Passed, verdict.Outcome);
        Assert.Equal(3, verdict.FaultsBit);
    }

    private static string? WhyNot(FaultKind kind) => VirtualFaults.WhyNot(kind, Config([]));

    private static Verdict Run(FaultEntry entry, string targets)
    {
        string more = (entry.Lasts ? ", for: 12s" : "") + (targets.Length > 0 ? $", targets: {targets}" : "");
        return Run($"{{at: 20s, event: {entry.Name}{more}}}");
    }

    private static Verdict Run(params string[] scheduled)
    {
        var history = new MemoryHistoryStore("table");
        var world = new VirtualWorld(new VirtualWorldOptions
        {
            Config = Config(["chaos.enabled=true", "chaos.warmup=0s", "chaos.quiet_before_end=0s", "chaos.max_concurrent=3", $"chaos.scheduled=[{string.Join(", ", scheduled)}]"]),
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
        public void RebalanceCompleted(TimeSpan duration, int movedUnits)
        {
        }
    }
}
