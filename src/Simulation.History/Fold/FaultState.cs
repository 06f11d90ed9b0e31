using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>What the chaos log has said of one fault so far.</summary>
internal sealed class FaultState(string what)
{
    /// <summary>As it was planned, until it begins; then as it was done.</summary>
    public string What = what;

    /// <summary>As it was planned; null for what is in no plan.</summary>
    public string? Planned;

    public long? StartedAt;
    public long? EndedAt;
    public string? Proof;
    public string? Missed;
    public long? PublishingAfter;
    public long? OwnershipAfter;
    public long? BacklogAfter;

    public bool Started => StartedAt is not null;

    public bool Bit => Proof is not null;

    /// <summary>It is known to have bitten, or to have missed.</summary>
    public bool IsSettled => Bit || Missed is not null;

    public void Apply(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.FaultPlanned:
                Planned = record.Text;
                break;
            case RecordType.FaultStarted:
                (What, StartedAt, EndedAt) = (record.Text ?? What, record.Time, null);
                break;
            case RecordType.FaultBit:
                (Proof, StartedAt) = (record.Text ?? "", StartedAt ?? record.Time);
                break;
            case RecordType.FaultMissed:
                (Missed, StartedAt) = (record.Text ?? "", StartedAt ?? record.Time);
                break;
            case RecordType.FaultEnded:
                EndedAt = record.Time;
                break;
            case RecordType.FaultRecovered:
                Recover((RecoveryStage)record.Flags, record.B);
                break;
        }
    }

    public void Exchange(FoldArchive archive)
    {
        archive.Exchange(ref What);
        archive.ExchangeOptional(ref Planned);
        archive.Exchange(ref StartedAt);
        archive.Exchange(ref EndedAt);
        archive.ExchangeOptional(ref Proof);
        archive.ExchangeOptional(ref Missed);
        archive.Exchange(ref PublishingAfter);
        archive.Exchange(ref OwnershipAfter);
        archive.Exchange(ref BacklogAfter);
    }

    private void Recover(RecoveryStage stage, long after)
    {
        switch (stage)
        {
            case RecoveryStage.Publishing:
                PublishingAfter = after;
                break;
            case RecoveryStage.Ownership:
                OwnershipAfter = after;
                break;
            case RecoveryStage.Backlog:
                BacklogAfter = after;
                break;
        }
    }
}
