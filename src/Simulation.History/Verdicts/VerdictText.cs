using System.Globalization;

namespace Simulation.History;

/// <summary>How classes and records read to people.</summary>
public static class VerdictText
{
    /// <summary>The class in words: <c>sequence reused</c>.</summary>
    public static string NameOf(VerdictClass verdictClass) => verdictClass switch
    {
        VerdictClass.SequenceReused => "sequence reused",
        VerdictClass.StoredTwice => "stored twice",
        VerdictClass.ProcessedTwice => "processed twice",
        VerdictClass.ConcurrentOwners => "concurrent owners",
        _ => verdictClass.ToString().ToLowerInvariant(),
    };

    internal static string Describe(in HistoryRecord record) => record.Type switch
    {
        RecordType.Intent => Invariant($"sent {record.Message}, attempt {record.Count}, meant for {UnixMicroseconds.ToTime(record.IntendedAt):HH:mm:ss.ffffff}"),
        RecordType.Acknowledged => Invariant($"{record.Message} acknowledged at stream sequence {record.StreamSequence}{(record.IsDuplicate ? " as a duplicate" : "")}"),
        RecordType.Rejected => Invariant($"{record.Message} rejected: {record.B} {record.Text}"),
        RecordType.Unknown => Invariant($"{record.Message} has an unknown outcome: {record.Text}"),
        RecordType.Delivered => Invariant($"received {record.Message} from stream sequence {record.StreamSequence}, delivery {record.Count}{FaultsOf(record)}"),
        RecordType.Processed => Invariant($"processed {record.Message} from stream sequence {record.StreamSequence}, delivery {record.Count}"),
        RecordType.Stored => Invariant($"the stream holds {record.Message} at sequence {record.StreamSequence}{FaultsOf(record)}"),
        RecordType.OwnershipStarted => Invariant($"owned partition {record.Partition} from here on, epoch {record.A}"),
        RecordType.AckSent => Invariant($"acknowledged stream sequence {record.StreamSequence}"),
        RecordType.AckConfirmed => Invariant($"acknowledged stream sequence {record.StreamSequence}, confirmed"),
        RecordType.AckUnknown => Invariant($"acknowledged stream sequence {record.StreamSequence}, without a confirmation"),
        RecordType.NakSent => Invariant($"gave stream sequence {record.StreamSequence} back"),
        RecordType.TermSent => Invariant($"terminated stream sequence {record.StreamSequence}"),
        _ => record.Type.ToString(),
    };

    private static string FaultsOf(in HistoryRecord record) =>
        record.Faults == MessageFaults.None ? "" : $", wrong: {record.Faults.ToString().ToLowerInvariant()}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
