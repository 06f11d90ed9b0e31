using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;
using Simulation.Testing;

namespace Simulation.Chaos.Tests.Conduct;

/// <summary>The chaos actor in virtual time; a probe stands for the coordinator.</summary>
public sealed class ChaosActorTests : IAsyncDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> NoParameters = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

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

    /// <summary>Otherwise a server that is brought back from one fault is being ended by the next.</summary>
    [Fact]
    public void FaultThatTakesLonger_HoldsBackWhatHitsTheSameTarget()
    {
        PlannedFault first = Pause(at: 1, lasts: 4), second = Pause(at: 5, lasts: 1) with { Targets = first.Targets };
        Start(maxConcurrent: 3, first, second, Pause(at: 6, lasts: 1));

        Advance(20);

        Assert.Equal(["1 +1", "5 -1", "5 +2", "6 +3", "6 -2", "7 -3"], _injector.Events);
        Assert.Equal(2, _injector.MostActive);
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

    [Fact]
    public void Resume_FaultThatWasCutOff_IsBegunAgainAndIsItsOwnProof()
    {
        PlannedFault[] faults = [Pause(at: 5, lasts: 10), Pause(at: 40, lasts: 1)];
        _injector.Proof = _ => (null, null);
        DieAfter(seconds: 7, Start(maxConcurrent: 1, faults));
        _injector.Proof = _ => ("seen", "seen");

        IActorRef chaos = Resume(sentFor: 7, calmFrom: 60, faults);
        Advance(60);
        Finish(chaos);

        Assert.Equal(["FaultPlanned 1", "FaultPlanned 2", "FaultStarted 1", "FaultEnded 1", "FaultStarted 1", "FaultBit 1 seen", "FaultEnded 1", "FaultStarted 2", "FaultBit 2 seen", "FaultEnded 2"], Records());
    }

    /// <summary>Ten seconds that were to be over before the calm, and are not when they begin five seconds before it; what was planned into the calm is.</summary>
    [Fact]
    public void Resume_FaultThatWouldReachIntoTheCalm_IsNotBegunAgain()
    {
        PlannedFault[] faults = [Pause(at: 5, lasts: 10), Pause(at: 6, lasts: 100)];
        _injector.Proof = _ => (null, null);
        DieAfter(seconds: 10, Start(maxConcurrent: 2, faults));

        IActorRef chaos = Resume(sentFor: 10, calmFrom: 15, faults);
        Advance(1);
        Finish(chaos);

        Assert.Equal(1, Records().Count(record => record == "FaultStarted 1"));
        Assert.Equal(2, Records().Count(record => record == "FaultStarted 2"));
    }

    [Theory]
    [InlineData(FaultKind.PartitionChanges, false)]
    [InlineData(FaultKind.PartitionChanges, true)]
    [InlineData(FaultKind.ScaleUp, false)]
    [InlineData(FaultKind.ScaleUp, true)]
    public void Resume_ChangeThatStays_IsNotMadeTwice(FaultKind kind, bool wasMade)
    {
        var fault = new PlannedFault
        {
            Number = 1,
            At = TimeSpan.FromSeconds(5),
            Kind = kind,
            Parameters = NoParameters.Add(FaultEntry.By, "3").Add(FaultEntry.Change, FaultEntry.Add),
        };
        (_injector.Proof, _injector.IsToBeFelt) = (_ => (null, null), true);
        DieAfter(seconds: 7, Start(maxConcurrent: 1, fault), _ => { }, coordinator =>
        {
            if (wasMade && kind == FaultKind.PartitionChanges)
            {
                coordinator.PartitionsChanged(_kit.System.Now, 11);
            }
            else if (wasMade)
            {
                coordinator.Launched(_kit.System.Now, "worker-4");
            }
        });

        IActorRef chaos = Resume(sentFor: 7, calmFrom: 60, fault);
        Advance(2);
        Finish(chaos);

        Assert.Equal(wasMade ? 1 : 2, Records().Count(record => record == "FaultStarted 1"));
        Assert.Equal(wasMade ? 0 : 1, Records().Count(record => record == "FaultMissed 1 nothing was seen"));
    }

    [Fact]
    public void Resume_WorkerThatWasReplaced_IsNotCrashedAgain()
    {
        var fault = new PlannedFault
        {
            Number = 1,
            At = TimeSpan.FromSeconds(5),
            For = TimeSpan.FromSeconds(9),
            Kind = FaultKind.WorkerCrash,
            Targets = ["worker-0", "worker-1"],
            Parameters = NoParameters.Add(FaultEntry.Replaced, "true"),
        };
        _injector.Proof = _ => (null, null);
        DieAfter(seconds: 7, Start(maxConcurrent: 1, fault), coordinator =>
        {
            coordinator.Launched(_kit.System.Now, "worker-0");
            coordinator.Launched(_kit.System.Now, "worker-1");
        }, coordinator =>
        {
            coordinator.Dismissed(_kit.System.Now, "worker-0");
            coordinator.Launched(_kit.System.Now, "worker-2");
        });

        IActorRef chaos = Resume(sentFor: 7, calmFrom: 60, fault);
        Advance(2);

        Assert.Equal("worker_crash (worker-1)", Texts(RecordType.FaultStarted)[^1]);
    }

    private static PlannedFault Pause(int at, int lasts) => new()
    {
        Number = 0,
        At = TimeSpan.FromSeconds(at),
        For = TimeSpan.FromSeconds(lasts),
        Kind = FaultKind.WorkerPause,
        Targets = [$"worker-{at - 1}"],
    };

    private IActorRef Start(int maxConcurrent, params PlannedFault[] faults) => Start(FaultPlan.Of(faults), maxConcurrent, _kit.System.Now);

    private IActorRef Start(FaultPlan plan, int maxConcurrent, DateTimeOffset sendingSince, Resumption? resumption = null)
    {
        IActorRef chaos = _kit.ActorOf(
            ChaosActor.Props(plan, maxConcurrent, new ChaosServices(_coordinator, _injector, _history, IChaosTelemetry.None), resumption), ChaosActor.Name);
        Assert.True(_coordinator.ExpectMsg<SubscribeToPhases>().TakesPart);
        _coordinator.Send(chaos, new PhaseEntered(RunPhase.Running, sendingSince));
        return chaos;
    }

    private void DieAfter(int seconds, IActorRef chaos) => DieAfter(seconds, chaos, _ => { }, _ => { });

    /// <summary>With everybody else, after what the coordinator wrote at the beginning and at the end.</summary>
    private void DieAfter(int seconds, IActorRef chaos, Action<HistoryWriter> atFirst, Action<HistoryWriter> atLast)
    {
        using HistoryWriter coordinator = _history.Create("coordinator", ParticipantKind.Coordinator);
        coordinator.PhaseChanged(_kit.System.Now, RunPhase.Running);
        atFirst(coordinator);
        Advance(seconds);
        atLast(coordinator);
        _kit.System.Stop(chaos);
        Advance(30);
    }

    private IActorRef Resume(int sentFor, int calmFrom, params PlannedFault[] faults) => Start(
        FaultPlan.Of(faults) with { CalmFrom = TimeSpan.FromSeconds(calmFrom) }, faults.Length, _kit.System.Now - TimeSpan.FromSeconds(sentFor), Resumption.From(_history));

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

    private List<string?> Texts(RecordType type)
    {
        using HistoryReader reader = _history.Read(ChaosActor.Name);
        var texts = new List<string?>();
        while (reader.TryRead(out HistoryRecord record))
        {
            if (record.Type == type)
            {
                texts.Add(record.Text);
            }
        }

        return texts;
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
