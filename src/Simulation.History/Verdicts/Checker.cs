using System.Collections.Immutable;
using System.Globalization;
using Simulation.History.Verdicts;

namespace Simulation.History;

/// <summary>The verdict of a run that is over, from its logs alone.</summary>
public static class Checker
{
    private const int Printed = 10;

    /// <param name="runFolder">The folder of the run, with <c>history</c> in it.</param>
    /// <param name="evidence">Called for every message that something is wrong with.</param>
    /// <exception cref="DirectoryNotFoundException">There is no history in it.</exception>
    public static Verdict Check(string runFolder, Action<Evidence>? evidence = null) => Check(RunHistory.Open(runFolder), evidence);

    /// <inheritdoc cref="Check(string, Action{Evidence}?)"/>
    /// <param name="observer">Hears of everything that is folded.</param>
    public static Verdict Check(IHistoryStore store, Action<Evidence>? evidence = null, IFoldObserver? observer = null)
    {
        using var tail = new LiveTail(store, observer);
        IReadOnlyList<LogDamage> damages = tail.Finish();
        return Conclude(store, tail, damages, evidence);
    }

    private static Verdict Conclude(IHistoryStore store, LiveTail tail, IReadOnlyList<LogDamage> damages, Action<Evidence>? evidence)
    {
        Fold fold = tail.Fold;
        string[] missing = [.. fold.Progress.Launched.Except(store.Participants(), StringComparer.Ordinal)];
        ImmutableArray<Finding> findings = Findings.AtTheEnd(fold, logsAreWhole: damages.Count == 0 && missing.Length == 0 && tail.Late == 0);
        ImmutableArray<Doubt> doubts = [.. Doubts(tail, damages, missing)];
        bool violated = findings.Any(finding => finding is { FailsRun: true, Count: > 0 });
        TrackerSnapshot totals = fold.Snapshot();
        return new Verdict
        {
            Outcome = violated ? VerdictOutcome.Violated : doubts.IsEmpty ? VerdictOutcome.Passed : VerdictOutcome.Inconclusive,
            Doubts = doubts,
            Findings = findings,
            Evidence = FirstOfEachClass(new EvidenceCollector(store, fold), evidence),
            Damages = [.. damages],
            Guarantees = fold.Guarantees,
            Sent = totals.Sent,
            Received = totals.Received,
            Deliveries = fold.Deliveries,
            Redelivered = fold.Redeliveries,
            Recovered = totals.Recovered,
            StillUnknown = totals.StillUnknown,
            Rejected = totals.Rejected,
            ServerIncidents = [.. fold.ServerIncidents],
            DrainFinished = fold.DrainFinished,
            ReadFinished = fold.ReadCompleted,
            FaultsBit = fold.Faults.Values.Count(fault => fault.Bit),
            Faults = [.. FaultsOf(fold)],
            PublishLatency = fold.PublishLatency,
            EndToEndLatency = fold.EndToEndLatency,
            Compacted = tail.Compacted is { } compacted ? new CompactedRecords(compacted.Records, compacted.UpTo) : null,
        };
    }

    /// <summary>Everything without which "nothing is wrong" would only mean "nothing was seen".</summary>
    private static IEnumerable<Doubt> Doubts(LiveTail tail, IReadOnlyList<LogDamage> damages, string[] missing)
    {
        Fold fold = tail.Fold;
        if (tail.Late > 0)
        {
            yield return new(DoubtCause.LateRecords, string.Create(CultureInfo.InvariantCulture, $"{tail.Late} records were written after those of their time had been compacted, so their order is not known."));
        }

        foreach (LogDamage damage in damages)
        {
            yield return new(DoubtCause.DamagedLog, $"A log is damaged. {damage}");
        }

        foreach (string participant in missing)
        {
            yield return new(DoubtCause.MissingLog, $"The log of {participant} is missing.");
        }

        if (!fold.Partitions().Any(entry => !entry.State.Acknowledged.IsEmpty))
        {
            yield return new(DoubtCause.NothingSent, "No message was sent.");
        }

        if (fold.CutShortBy is { } trouble)
        {
            yield return new(DoubtCause.CutShort, $"The run was cut short: {trouble}.");
        }

        long refused = fold.Partitions().Sum(entry => entry.State.RefusedForGood().Count);
        if (refused > 0)
        {
            yield return new(DoubtCause.Refusals, refused == 1
                ? "The server refused a message to the end, so it was never sent."
                : string.Create(CultureInfo.InvariantCulture, $"The server refused {refused} messages to the end, so they were never sent."));
        }

        if (!fold.DrainFinished)
        {
            yield return new(DoubtCause.Drain, fold.DrainProblem is null ? "The drain did not finish." : $"The drain did not finish: {fold.DrainProblem}.");
        }

        if (!fold.ReadCompleted)
        {
            yield return new(DoubtCause.FinalRead, fold.ReadProblem is null ? "The stream was not read at the end." : $"The final read of the stream failed: {fold.ReadProblem}.");
        }

        foreach (FaultOutcome fault in FaultsOf(fold).Where(fault => fault.Missed is not null))
        {
            yield return new(DoubtCause.Fault, string.Create(CultureInfo.InvariantCulture, $"Fault {fault.Number} ({fault.What}) did not bite: {fault.Missed}."));
        }
    }

    /// <summary>Those that were begun, in that order: what was planned for later than the end was asked for by nobody.</summary>
    private static IEnumerable<FaultOutcome> FaultsOf(Fold fold)
    {
        long? lastOutage = fold.Faults.Where(fault => FaultOutcome.IsNumberOfOutage(fault.Key)).Max(fault => fault.Value.StartedAt);
        return fold.Faults.Where(fault => fault.Value.Started).Select(fault => FaultOutcome.Of(fault.Key, fault.Value, lastOutage))
            .OrderBy(fault => fault.StartedAt).ThenBy(fault => fault.Number);
    }

    private static ImmutableArray<Evidence> FirstOfEachClass(EvidenceCollector collector, Action<Evidence>? evidence)
    {
        var first = ImmutableArray.CreateBuilder<Evidence>();
        var counts = new Dictionary<VerdictClass, int>();
        foreach (Evidence one in collector.Collect(mostPerClass: evidence is null ? Printed : int.MaxValue))
        {
            evidence?.Invoke(one);
            counts[one.Class] = counts.GetValueOrDefault(one.Class) + 1;
            if (counts[one.Class] <= Printed)
            {
                first.Add(one);
            }
        }

        return first.ToImmutable();
    }
}
