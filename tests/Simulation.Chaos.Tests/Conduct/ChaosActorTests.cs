using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;
using Simulation.Testing;

namespace Simulation.Chaos.Tests.Conduct;

/// <summary>The chaos actor in virtual time; a probe stands for the coordinator.</summary>
public sealed class ChaosActorTests : IAsyncDisposable
{
    private readonly TestKit _kit = TestKit.Virtual();
    private readonly ScriptedInjector _injector = new();
    private readonly MemoryHistoryStore _history = new("run");
    private readonly TestProbe _coordinator;

    public ChaosActorTests()
    {
        _coordinator = _kit.CreateTestProbe("coordinator");
        _coordinator.IgnoreMessages(message => message is GetStatus);
    }

    public ValueTask DisposeAsync() => _kit.DisposeAsync();

    [Fact]
    public void Plan_IsCarriedOutInTime()
    {
        IActorRef chaos = Start(maxConcurrent: 2, Pause(at: 5, lasts: 10), Pause(at: 8, lasts: 2));

        Advance(20);
        Finish(chaos);

        Assert.Equal(["5 +1", "8 +2", "10 -2", "15 -1"], _injector.Events);
        Assert.Equal(
            [
                "FaultPlanned 1", "FaultPlanned 2", "FaultStarted 1", "FaultBit 1 seen", "FaultStarted 2", "FaultBit 2 seen", "FaultEnded 2", "FaultEnded 1",
            ],
            Records());
    }

    [Fact]
    public void SendingEndsEarly_WhatIsActiveEndsBeforeTheDrain()
    {
        IActorRef chaos = Start(maxConcurrent: 2, Pause(at: 1, lasts: 1000), Pause(at: 500, lasts: 1));
        Advance(3);

        _coordinator.Send(chaos, new PhaseEntered(RunPhase.Draining, null));
        _coordinator.ExpectMsgEqual(new ReadyForPhase(RunPhase.Draining));

        Assert.Equal(["1 +1", "3 -1"], _injector.Events);
        Assert.DoesNotContain("FaultStarted 2", Records());
    }

    [Fact]
    public void FaultThatTakesLonger_HoldsTheNextBack()
    {
        // Planned one after the other; the first is still being undone when the second is due.
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 4), Pause(at: 5, lasts: 1));

        Advance(20);

        Assert.Equal(1, _injector.MostActive);
        Assert.Equal(4, _injector.Events.Count);
    }

    [Fact]
    public void FaultThatShowsAtItsEnd_Bit()
    {
        _injector.Proof = _ => (null, "7 bytes swallowed");
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 2));

        Advance(5);
        Finish(chaos);

        Assert.Equal(["FaultPlanned 1", "FaultStarted 1", "FaultBit 1 7 bytes swallowed", "FaultEnded 1"], Records());
    }

    [Fact]
    public void FaultThatNothingShows_IsMissed()
    {
        _injector.Proof = _ => (null, null);
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 2));

        Advance(5);
        Finish(chaos);

        Assert.Equal(["FaultPlanned 1", "FaultStarted 1", "FaultMissed 1 nothing was seen", "FaultEnded 1"], Records());
    }

    [Fact]
    public void FaultThatIsToBeFelt_LastsFromThenOn()
    {
        _injector.IsToBeFelt = true;
        _injector.Proof = _ => (null, null);
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 4));
        Advance(20);
        _injector.Proof = _ => ("a message took longer", "");

        Advance(5);
        Finish(chaos);

        Assert.Equal(["1 +1", "24 -1"], _injector.Events);
        Assert.Equal(["FaultPlanned 1", "FaultStarted 1", "FaultBit 1 a message took longer", "FaultEnded 1"], Records());
    }

    [Fact]
    public void FaultThatIsNeverFelt_IsGivenUpAndMissed()
    {
        _injector.IsToBeFelt = true;
        _injector.Proof = _ => (null, null);
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 4), Pause(at: 10, lasts: 4));

        Advance((int)ChaosActor.FeltPatience.TotalSeconds + 3);
        _injector.Proof = _ => ("seen", "seen");
        Advance(2);
        Finish(chaos);

        Assert.Equal(["1 +1", "301 -1", "301 +2"], _injector.Events.Take(3));
        Assert.Contains("FaultMissed 1 nothing was seen", Records());
    }

    [Fact]
    public void FaultThatIsNeverFelt_EndsWithTheSending()
    {
        _injector.IsToBeFelt = true;
        _injector.Proof = _ => (null, null);
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 4));
        Advance(30);

        _coordinator.Send(chaos, new PhaseEntered(RunPhase.Draining, null));
        _coordinator.ExpectMsgEqual(new ReadyForPhase(RunPhase.Draining));

        Assert.Equal(["1 +1", "30 -1"], _injector.Events);
    }

    [Fact]
    public void InjectorThatThrows_IsMissedAndTheRestGoesOn()
    {
        _injector.Failure = fault => fault.Number == 1 ? new InvalidOperationException("no such worker") : null;
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 2), Pause(at: 4, lasts: 1));

        Advance(10);
        Finish(chaos);

        Assert.Contains("FaultMissed 1 no such worker", Records());
        Assert.Contains("FaultBit 2 seen", Records());
    }

    [Fact]
    public void LogLine_ReadsAsPeopleExpect()
    {
        IActorRef chaos = Start(maxConcurrent: 1, Pause(at: 1, lasts: 2));

        Advance(2);

        Assert.Contains(_kit.Log.Entries, entry => entry.Source == ChaosActor.LogSource && entry.Message == "Injecting event: worker_pause (worker-0)");
    }

    private static PlannedFault Pause(int at, int lasts) => new()
    {
        Number = 0,
        At = TimeSpan.FromSeconds(at),
        For = TimeSpan.FromSeconds(lasts),
        Kind = FaultKind.WorkerPause,
        Targets = [$"worker-{at - 1}"],
    };

    private IActorRef Start(int maxConcurrent, params PlannedFault[] faults)
    {
        IActorRef chaos = _kit.ActorOf(
            ChaosActor.Props(FaultPlan.Of(faults), maxConcurrent, new ChaosServices(_coordinator, _injector, _history, IChaosTelemetry.None)), ChaosActor.Name);
        Assert.True(_coordinator.ExpectMsg<SubscribeToPhases>().TakesPart);
        _coordinator.Send(chaos, new PhaseEntered(RunPhase.Running, _kit.System.Now));
        return chaos;
    }

    private void Advance(int seconds)
    {
        _kit.Advance(TimeSpan.FromSeconds(seconds));
    }

    private void Finish(IActorRef chaos)
    {
        _coordinator.Send(chaos, new PhaseEntered(RunPhase.Draining, null));
        _coordinator.ExpectMsgEqual(new ReadyForPhase(RunPhase.Draining));
        _coordinator.Send(chaos, new PhaseEntered(RunPhase.Reading, null));
        _coordinator.ExpectMsgEqual(new ReadyForPhase(RunPhase.Reading));
    }

    private List<string> Records()
    {
        using HistoryReader reader = _history.Read(ChaosActor.Name);
        var records = new List<string>();
        while (reader.TryRead(out HistoryRecord record))
        {
            if (record.Type is RecordType.FaultBit or RecordType.FaultMissed)
            {
                records.Add($"{record.Type} {record.A} {record.Text}");
            }
            else if (record.Type is RecordType.FaultPlanned or RecordType.FaultStarted or RecordType.FaultEnded)
            {
                records.Add($"{record.Type} {record.A}");
            }
        }

        return records;
    }
}
