namespace Simulation.History;

/// <summary>Which fields a record of a type has, under the names of docs/history-format.md; null where it has none.</summary>
internal readonly ref struct RecordFields(in HistoryRecord record)
{
    private readonly HistoryRecord _record = record;

    public long? Sequence => HasMessage ? _record.A : null;

    public int? Partition => _record.Partition >= 0 || HasMessage ? _record.Partition : null;

    public ulong? StreamSequence => _record.Type is RecordType.Acknowledged or RecordType.Delivered or RecordType.Processed or RecordType.AckSent
        or RecordType.AckConfirmed or RecordType.AckUnknown or RecordType.NakSent or RecordType.TermSent or RecordType.Stored
            ? _record.StreamSequence : null;

    public long? IntendedAt => _record.Type is RecordType.Intent or RecordType.Delivered ? _record.IntendedAt : null;

    public int? Attempt => _record.Type == RecordType.Intent ? _record.Count : null;

    public int? DeliveryCount => _record.Type is RecordType.Delivered or RecordType.Processed ? _record.Count : null;

    public bool? IsDuplicate => _record.Type == RecordType.Acknowledged ? _record.IsDuplicate : null;

    public string? Faults => _record.Type is RecordType.Delivered or RecordType.Stored && _record.Faults != MessageFaults.None
        ? _record.Faults.ToString().ToLowerInvariant() : null;

    /// <summary>What the other types have to say in a number: incarnation, epoch, error code, fault …</summary>
    public long? Value => _record.Type switch
    {
        RecordType.Intent => _record.B,
        RecordType.Delivered => _record.D,
        RecordType.Rejected => _record.B,
        RecordType.PhaseChanged or RecordType.GuaranteesDeclared => _record.Flags,
        RecordType.FinalReadCompleted => _record.C,
        _ => !HasMessage && LogFormat.Words(_record.Type) > 0 ? _record.A : null,
    };

    private bool HasMessage => _record.Type is (>= RecordType.Intent and <= RecordType.TermSent) or RecordType.Stored;
}
