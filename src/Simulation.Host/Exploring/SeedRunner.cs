using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Virtual;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Exploring;

/// <summary>Runs one schedule in a virtual world of its own, with everything in memory, and says what came of it.</summary>
internal static class SeedRunner
{
    /// <summary>A run that has not ended so long after its last deadline never will.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromHours(1);

    /// <param name="seedCase">What is run.</param>
    /// <param name="observer">Told everything; null for nobody.</param>
    /// <param name="until">Ends it then; null for its own end.</param>
    /// <param name="deaths">Of the process that conducts it, which has checkpoints then.</param>
    public static SeedResult Run(SeedCase seedCase, IWorldObserver? observer = null, TimeSpan? until = null, ImmutableArray<ProcessDeath> deaths = default)
    {
        var coverage = new Coverage();
        var history = new MemoryHistoryStore(VirtualWorld.RunIdOf(seedCase.Seed));
        VirtualWorld? world = null;
        try
        {
            world = new VirtualWorld(new VirtualWorldOptions
            {
                Config = seedCase.Config,
                Seed = seedCase.Seed,
                History = history,
                Telemetry = new Unobserved(),
                ChaosTelemetry = IChaosTelemetry.None,
                Planted = seedCase.Planted,
                Observer = observer,
                Disk = deaths.IsDefaultOrEmpty ? null : new VirtualDisk(),
            });
            foreach (ProcessDeath death in deaths.IsDefault ? [] : deaths)
            {
                world.CrashAndResume(death);
            }

            TimeSpan deadline = until ?? seedCase.Config.Simulation.Duration + (2 * seedCase.Config.Coordinator.ValidationWindow) + EndPatience;
            world.RunUntil(deadline);
            return Conclude(seedCase, world, coverage);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Failed(seedCase, world, coverage, failure.InnerException ?? failure);
        }
    }

    private static SeedResult Conclude(SeedCase seedCase, VirtualWorld world, Coverage coverage)
    {
        foreach (BuggifySite site in world.RareSites)
        {
            coverage.Count("rare sites met", site.Name, site.Met);
            coverage.Count("rare sites fired", site.Name, site.Fired);
        }

        foreach (string death in world.Deaths)
        {
            coverage.Count("deaths of the process", death);
        }

        if (world.Outcome is not { } outcome)
        {
            return Result(SeedOutcome.Stuck) with { Classes = ["stuck"], Why = "the run did not end", At = world.Elapsed };
        }

        if (outcome.Failure is { } failure)
        {
            return Failed(seedCase, world, coverage, failure);
        }

        Verdict verdict = outcome.Judgement!.Verdict;
        CountVerdict(coverage, verdict);
        ImmutableSortedSet<string> classes = [.. verdict.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 }).Select(finding => VerdictText.NameOf(finding.Class))];
        SeedOutcome end = verdict.Outcome switch
        {
            VerdictOutcome.Violated => SeedOutcome.Violated,
            VerdictOutcome.Passed => SeedOutcome.Passed,
            _ when !verdict.DrainFinished => SeedOutcome.Stuck,
            _ when verdict.Doubts.All(doubt => doubt.Cause == DoubtCause.Fault) => SeedOutcome.Passed, // They were drawn, not asked for.
            _ => SeedOutcome.Inconclusive,
        };
        return Result(end) with
        {
            Verdict = verdict,
            Evidence = outcome.Judgement.Evidence,
            Classes = end == SeedOutcome.Stuck ? classes.Add("stuck") : classes,
            Why = end switch
            {
                SeedOutcome.Passed => "",
                SeedOutcome.Violated => string.Join(", ", verdict.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 })
                    .Select(finding => $"{finding.Count} {VerdictText.NameOf(finding.Class)}")),
                _ => string.Join(" ", verdict.Doubts),
            },
            At = FirstSign(outcome.Judgement.Evidence, world),
        };

        SeedResult Result(SeedOutcome outcome) => new()
        {
            Case = seedCase,
            Outcome = outcome,
            Simulated = world.Elapsed,
            Steps = world.Steps,
            TraceHash = world.TraceHash,
            Coverage = coverage,
        };
    }

    /// <summary>What was last done with each message is what made it wrong, or left it so; the earliest of those is where to look. The final read only finds it.</summary>
    private static TimeSpan? FirstSign(ImmutableArray<Evidence> evidence, VirtualWorld world) => evidence
        .Select(one => one.Records.LastOrDefault(record => record.Record.Type != RecordType.Stored))
        .Min(last => last?.Record.At - world.StartedAt);

    private static SeedResult Failed(SeedCase seedCase, VirtualWorld? world, Coverage coverage, Exception failure) => new()
    {
        Case = seedCase,
        Outcome = SeedOutcome.Failed,
        Classes = [failure.GetType().Name],
        Why = $"{failure.GetType().Name}: {failure.Message}",
        At = world?.Elapsed,
        Simulated = world?.Elapsed ?? TimeSpan.Zero,
        Steps = world?.Steps ?? 0,
        TraceHash = world?.TraceHash ?? 0,
        Coverage = coverage,
    };

    private static void CountVerdict(Coverage coverage, Verdict verdict)
    {
        foreach (Finding finding in verdict.Findings)
        {
            coverage.Count("verdict classes", VerdictText.NameOf(finding.Class), finding.Count);
        }

        coverage.Count("states", "redelivered", verdict.Redelivered);
        coverage.Count("states", "recovered", verdict.Recovered);
        coverage.Count("states", "unknown", verdict.StillUnknown);
        coverage.Count("states", "rejected", verdict.Rejected);
        foreach (FaultOutcome fault in verdict.Faults)
        {
            coverage.Count(fault.IsCutOff ? "faults cut off by an outage" : fault.Missed is null ? "faults that bit" : "faults that missed", fault.What.Split(' ')[0]);
        }

        coverage.Count("states", "drain not finished", verdict.DrainFinished ? 0 : 1);
    }

    private sealed class Unobserved : IRunTelemetry
    {
        public void RebalanceCompleted(TimeSpan duration, int movedUnits)
        {
        }
    }
}
