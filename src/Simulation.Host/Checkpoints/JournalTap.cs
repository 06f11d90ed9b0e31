using System.Collections.Frozen;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Host.Checkpoints;

/// <summary>Tells the keeper what the logs have of the run as a whole, as the tracker folds it: the journal is the history in short.</summary>
internal sealed class JournalTap(IActorRef keeper) : IFoldObserver
{
    private static readonly FrozenSet<RecordType> Kept = new[]
    {
        RecordType.Started, RecordType.Resumed, RecordType.PhaseChanged, RecordType.Launched, RecordType.Dismissed, RecordType.PartitionsChanged,
        RecordType.CutShort, RecordType.StreamCreated, RecordType.FaultPlanned, RecordType.FaultStarted, RecordType.FaultBit, RecordType.FaultMissed,
        RecordType.FaultEnded, RecordType.ServerEvent, RecordType.DrainFinished, RecordType.DrainTimedOut, RecordType.Note,
    }.ToFrozenSet();

    public void Folding(in HistoryRecord record, string participant)
    {
        if (participant is Coordinator.Name or ChaosActor.Name && Kept.Contains(record.Type))
        {
            bool isPhase = record.Type == RecordType.PhaseChanged;
            keeper.Tell(new Happened(record.At, participant, record.Type, isPhase ? record.Phase : null, record.A == 0 ? null : record.A, record.Text));
        }
    }
}
