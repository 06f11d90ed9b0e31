using Simulation.Actors;
using Simulation.History;

namespace Simulation.Chaos.Tests.Conduct;

public sealed class ResumedPlanTests
{
    private readonly MemoryHistoryStore _history = new("run");

    [Fact]
    public void Of_SamePlan_IsTheSame()
    {
        FaultPlan plan = Plan((1, 5), (2, 8), (3, 20));
        Assert.Equal(plan.Faults.Select(fault => (fault.Number, fault.At)), Resumed(plan, plan).Faults.Select(fault => (fault.Number, fault.At)));
    }

    /// <summary>Ten seconds have been sent: what the longer plan has before then is not made up for, and nobody takes the number of another.</summary>
    [Fact]
    public void Of_PlanThatHasChanged_AddsWhatIsStillToCome()
    {
        FaultPlan longer = Resumed(planned: Plan((1, 5), (2, 20)), now: Plan((1, 5), (2, 7), (3, 15), (4, 20), (5, 30)));
        Assert.Equal([(1, 5), (5, 15), (2, 20), (7, 30)], longer.Faults.Select(fault => (fault.Number, (int)fault.At.TotalSeconds)));
        Assert.Equal([(1, 5), (5, 15), (2, 20), (7, 30)], Resumed(longer, Plan((1, 5), (2, 7), (3, 15), (4, 20), (5, 30))).Faults.Select(fault => (fault.Number, (int)fault.At.TotalSeconds)));
    }

    private FaultPlan Resumed(FaultPlan planned, FaultPlan now)
    {
        DateTimeOffset start = DateTimeOffset.UnixEpoch;
        using (HistoryWriter coordinator = _history.Create("coordinator", ParticipantKind.Coordinator))
        {
            coordinator.PhaseChanged(start, RunPhase.Running);
            coordinator.Note(start + TimeSpan.FromSeconds(10), "still there");
        }

        using (HistoryWriter chaos = _history.Create("chaos", ParticipantKind.Chaos))
        {
            foreach (PlannedFault fault in planned.Faults)
            {
                chaos.FaultPlanned(start, fault.Number, fault.ToScheduled().ToYaml());
            }
        }

        return ResumedPlan.Of(now, Resumption.From(_history));
    }

    private static FaultPlan Plan(params (int Number, int At)[] faults) => new([.. faults.Select(fault => new PlannedFault
    {
        Number = fault.Number, At = TimeSpan.FromSeconds(fault.At), Kind = FaultKind.WorkerRestart, Targets = ["worker-1"],
    })]);
}
