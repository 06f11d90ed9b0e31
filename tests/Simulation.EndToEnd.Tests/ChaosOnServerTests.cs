using Simulation.Chaos;
using Simulation.EndToEnd.Tests.Process;
using Simulation.History;
using Simulation.Kernel;

namespace Simulation.EndToEnd.Tests;

/// <summary>A plan is carried out against a real server: every fault bites, is undone, and the verdict tells of it.</summary>
public sealed class ChaosOnServerTests
{
    [Fact]
    public async Task Run_WithAPlan_EveryFaultIsProvenAndUndoneAndNothingIsLost()
    {
        await using RunRig rig = await RunRig.StartAsync();
        FaultPlan plan = Plan(
            rig,
            Scheduled(1, FaultKind.WorkerCrash, "worker-1", "500ms"),
            Scheduled(2, FaultKind.ProducerCrash, "producer-0", "200ms"),
            Scheduled(3, FaultKind.ScaleUp),
            Scheduled(4, FaultKind.ConsumerAckLoss, "worker-0", "1s"),
            Scheduled(6, FaultKind.DuplicatePublish, "producer-1"),
            Scheduled(7, FaultKind.WorkerPause, "worker-0", "10m")); // Ended by the end of sending.
        rig.System.ActorOf(
            ChaosActor.Props(plan, maxConcurrent: 2, new ChaosServices(rig.Coordinator, new ParticipantFaults(rig.Coordinator), rig.History, IChaosTelemetry.None)),
            ChaosActor.Name);
        await rig.UntilAsync(_ => RunLogs.Count(rig.RunFolder, RecordType.FaultBit) == plan.Faults.Length);

        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(plan.Faults.Select(fault => (long)fault.Number), verdict.Faults.Select(fault => fault.Number));
        Assert.All(verdict.Faults, fault => Assert.NotNull(fault.Lasted));
        Assert.Equal(plan.Faults.Length, verdict.FaultsBit);
        Assert.NotNull(verdict.Faults[0].PublishingAfter);
        Assert.NotNull(verdict.Faults[0].OwnershipAfter);
    }

    [Fact]
    public async Task Run_FaultThatCannotBite_IsInconclusiveAndNamesIt()
    {
        await using RunRig rig = await RunRig.StartAsync();
        var plan = FaultPlan.Of([new PlannedFault { Number = 1, At = TimeSpan.FromSeconds(1), Kind = FaultKind.KvLeaseDelete, Targets = ["worker-9"] }]);
        rig.System.ActorOf(
            ChaosActor.Props(plan, maxConcurrent: 1, new ChaosServices(rig.Coordinator, new ParticipantFaults(rig.Coordinator), rig.History, IChaosTelemetry.None)),
            ChaosActor.Name);
        await rig.UntilAsync(_ => RunLogs.Count(rig.RunFolder, RecordType.FaultMissed) == 1);

        Verdict verdict = (await rig.FinishAsync()).Verdict;

        Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
        Assert.Equal("Fault 1 (kv_lease_delete (worker-9)) did not bite: worker-9 is no member of the group.", Assert.Single(verdict.Doubts).Text);
    }

    private static FaultPlan Plan(RunRig rig, params ScheduledFault[] faults) => FaultPlanner.Plan(
        new ChaosOptions { Scheduled = [.. faults], MaxConcurrent = 2, MaxWorkers = 3 },
        new RunShape { Duration = rig.Run.Duration, Workers = rig.Run.Consuming.WorkerCount, Producers = 2, Partitions = rig.Topology.Layout.PartitionCount },
        rig.Run.Seed);

    private static ScheduledFault Scheduled(int at, FaultKind kind, string? target = null, string? lasts = null)
    {
        var settings = new FaultSettings(kind);
        settings = target is null ? settings : settings with { Targets = [target] };
        return new ScheduledFault(TimeSpan.FromSeconds(at), lasts is null ? settings : settings.With(FaultEntry.For, lasts));
    }
}
