using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.Persistence;

namespace Simulation.Host.Checkpoints;

/// <summary>What is stored of a run: docs/checkpoint-format.md. The names are the format.</summary>
internal static class Stored
{
    public static StoredTypes Types { get; } = new StoredTypes().Add<Happened>("happened").Add<Checkpoint>("checkpoint");
}

/// <summary>An event of the journal: something that a log has of the run as a whole.</summary>
/// <param name="At">When, by the clock of whoever wrote it down.</param>
/// <param name="By">Whose log has it.</param>
/// <param name="What">As the history format names it.</param>
/// <param name="Phase">That was entered; null for everything else.</param>
/// <param name="Number">The fault, the number of partitions or the like; null where there is none.</param>
/// <param name="Text">Who, or what, in words.</param>
internal sealed record Happened(DateTimeOffset At, string By, RecordType What, RunPhase? Phase, long? Number, string? Text);

/// <summary>A snapshot: how far the run had come, for people, and the tracker's fold, so that the logs need not be read from their beginning.</summary>
/// <param name="Phase">What the run was doing.</param>
/// <param name="SentForSeconds">For how long messages had been sent.</param>
/// <param name="MessagesSent">Acknowledged by the server.</param>
/// <param name="MessagesReceived">Processed.</param>
/// <param name="Participants">Who was to be there.</param>
/// <param name="JournaledUntil">The last event of the journal that is in it.</param>
/// <param name="Fold">Of the tracker, with the place in each log that it covers.</param>
internal sealed record Checkpoint(
    RunPhase Phase, double SentForSeconds, long MessagesSent, long MessagesReceived, ImmutableArray<string> Participants, DateTimeOffset JournaledUntil, FoldSnapshot Fold)
{
    public static Checkpoint Of(FoldedSoFar folded, DateTimeOffset journaledUntil) => new(
        folded.Totals.Phase, folded.SentFor.TotalSeconds, folded.Totals.Sent, folded.Totals.Received, folded.Staff, journaledUntil, folded.Fold);
}
