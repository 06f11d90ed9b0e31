using Simulation.Actors;
using Simulation.History;

namespace Simulation.EndToEnd.Tests.Virtual;

public sealed class CoordinatorFailureTests
{
    /// <summary>The failed coordinator alone knew who waits: the run hung for ever. Without a verdict it can go on, with what it has on the server.</summary>
    [Fact]
    public void Handler_Fails_WhoAwaitsTheOutcomeIsToldWhy()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);

        // Without a sender nobody is ready, which no handler can take.
        rig.Coordinator.Tell(new ReadyForPhase(RunPhase.Draining));

        Exception? failure = rig.End().Failure;
        Assert.True(failure is ArgumentNullException, $"{failure}");
        Assert.NotNull(rig.Connector.Server.GetStream("SIMULATION"));
        Assert.NotNull(rig.Connector.Server.GetStream("KV_SIMULATION_group"));
        Assert.Contains("stream SIMULATION and key-value bucket SIMULATION_group", Assert.Single(rig.Said("Left on the server, so that the run can be resumed")));
    }

    [Fact]
    public void Undo_NobodyAsked_IsDoneAllTheSame()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);
        var slow = new SlowWorker(1, 10);
        rig.Bite(slow);

        rig.Coordinator.Tell(new Undo(slow));
        rig.Pass(TimeSpan.FromSeconds(1));

        Assert.False(rig.Undo(slow).Bit);
        rig.Pass();
    }
}
