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

    /// <summary>What the class is, for somebody who reads its name for the first time.</summary>
    public static string MeaningOf(VerdictClass verdictClass) => verdictClass switch
    {
        VerdictClass.Lost => "acknowledged to its producer, and neither delivered nor in the stream",
        VerdictClass.Unprocessed => "acknowledged, in the stream or delivered, and never processed by the end of the drain",
        VerdictClass.Unexpected => "delivered, and never meant to be sent by anyone",
        VerdictClass.Corrupt => "delivered or stored with a wrong checksum, subject or identity",
        VerdictClass.SequenceReused => "acknowledged with a stream sequence that another message had been acknowledged with",
        VerdictClass.StoredTwice => "at two stream sequences",
        VerdictClass.ProcessedTwice => "the handler ran again after the message had been processed",
        VerdictClass.Reordered => "processed after a later one of its partition, without having been redelivered",
        VerdictClass.ConcurrentOwners => "processed while another worker owned the partition too, and worked",
        VerdictClass.Resurrected => "rejected by the server, and delivered all the same",
        _ => throw new ArgumentOutOfRangeException(nameof(verdictClass), verdictClass, null),
    };

    /// <summary>For a finding that counts messages and does not fail the run.</summary>
    public static string WhyNotFailing(Finding finding) =>
        finding.IsPromised ? "which is not certain, for not everything is known" : "which was not promised to be otherwise";

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
