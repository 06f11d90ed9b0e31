using FsCheck;
using FsCheck.Fluent;

namespace Simulation.History.Tests.Verdicts;

/// <summary>One thing that happens in a random history. What it is made of is small, so that things meet.</summary>
internal sealed record Happening(RecordType Type, int Partition, long Sequence, ulong At, int Count, int Who, MessageFaults Faults, int Pause);

/// <summary>
/// Histories of no particular system: anything may follow anything. Only what a participant never does is left out: a producer does not
/// publish again what was acknowledged at another place, and a place of the stream holds one message.
/// </summary>
internal static class RandomHistory
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<RecordType> Types = Gen.Frequency(
        (8, Gen.Constant(RecordType.Intent)),
        (8, Gen.Constant(RecordType.Acknowledged)),
        (2, Gen.Constant(RecordType.Rejected)),
        (2, Gen.Constant(RecordType.Unknown)),
        (8, Gen.Constant(RecordType.Delivered)),
        (8, Gen.Constant(RecordType.Processed)),
        (2, Gen.Constant(RecordType.OwnershipStarted)),
        (1, Gen.Constant(RecordType.OwnershipEnded)),
        (1, Gen.Constant(RecordType.Started)),
        (1, Gen.Constant(RecordType.Heartbeat)),
        (4, Gen.Constant(RecordType.Stored)),
        (1, Gen.Constant(RecordType.DrainFinished)),
        (1, Gen.Constant(RecordType.FinalReadCompleted)));

    private static readonly Gen<Happening> One =
        from type in Types
        from partition in Gen.Choose(0, 1)
        from sequence in Gen.Choose(1, 6)
        from at in Gen.Choose(1, 16)
        from count in Gen.Frequency((4, Gen.Constant(1)), (1, Gen.Constant(2)))
        from who in Gen.Choose(1, 3)
        from faults in Gen.Frequency((9, Gen.Constant(MessageFaults.None)), (1, Gen.Constant(MessageFaults.Checksum)))
        from pause in Gen.Choose(0, 2)
        select new Happening(type, partition, sequence, (ulong)at, count, who, faults, pause);

    public static Arbitrary<(Happening[] Happenings, int Promise)> Arbitrary { get; } = Arb.From(
        Gen.Sized(size => Gen.Choose(0, size * 2).SelectMany(length => One.ArrayOf(length))).Zip(Gen.Choose(0, 7))
            .Select(pair => (pair.Item1, pair.Item2)),
        pair => pair.Item1.Select((_, i) => (pair.Item1.Where((_, j) => j != i).ToArray(), pair.Item2)));

    /// <returns>The records as they were written: who, and what.</returns>
    public static IEnumerable<(string Participant, HistoryRecord Record)> Tell(
        Happening[] happenings, int promise, IHistoryStore store, Action<DateTimeOffset>? afterEach = null)
    {
        var writers = new Dictionary<string, HistoryWriter>();
        var places = new Dictionary<ulong, MessageId>();
        var acknowledged = new HashSet<MessageId>();
        var acknowledgedAt = new Dictionary<ulong, MessageId>();
        var written = new List<(string, HistoryRecord)>();
        DateTimeOffset now = Start;
        HistoryWriter Of(string participant)
        {
            if (!writers.TryGetValue(participant, out HistoryWriter? writer))
            {
                writers.Add(participant, writer = store.Create(participant, ParticipantKind.Other));
            }

            return writer;
        }

        var guarantees = new Guarantees { EffectivelyOnce = (promise & 1) != 0, Ordered = (promise & 2) != 0, Exclusive = (promise & 4) != 0 };
        Of("coordinator").GuaranteesDeclared(now, guarantees);
        foreach (Happening one in happenings)
        {
            MessageId message = new(one.Partition, one.Sequence);
            if (one.Type == RecordType.Delivered && places.TryGetValue(one.At, out MessageId there) && there != message)
            {
                continue;
            }

            if (one.Type == RecordType.Acknowledged && acknowledged.Contains(message)
                && acknowledgedAt.TryGetValue(one.At, out MessageId first) && first != message)
            {
                continue;
            }

            if (one.Type == RecordType.Delivered)
            {
                places[one.At] = message;
            }
            else if (one.Type == RecordType.Acknowledged)
            {
                acknowledged.Add(message);
                acknowledgedAt.TryAdd(one.At, message);
            }

            now += TimeSpan.FromMicroseconds(one.Pause);
            string participant = one.Type switch
            {
                RecordType.Intent or RecordType.Acknowledged or RecordType.Rejected or RecordType.Unknown => "producer-1",
                RecordType.Stored or RecordType.FinalReadCompleted => "reader",
                RecordType.DrainFinished => "coordinator",
                _ => $"worker-{one.Who}",
            };
            written.Add((participant, Append(Of(participant), one, message, now)));
            afterEach?.Invoke(now);
        }

        foreach (HistoryWriter writer in writers.Values)
        {
            writer.Dispose();
        }

        return written;
    }

    private static HistoryRecord Append(HistoryWriter writer, Happening one, MessageId message, DateTimeOffset now)
    {
        var record = new HistoryRecord
        {
            Type = one.Type, Partition = message.Partition, A = message.Sequence, B = (long)one.At, Count = (ushort)one.Count,
            Flags = (byte)one.Faults, Time = UnixMicroseconds.From(now),
        };
        switch (one.Type)
        {
            case RecordType.Intent: writer.Intent(now, message, 0, now, one.Count, 1, 1); break;
            case RecordType.Acknowledged: writer.Acknowledged(now, message, one.At, false); break;
            case RecordType.Rejected: writer.Rejected(now, message, 503, null); break;
            case RecordType.Unknown: writer.Unknown(now, message, null); break;
            case RecordType.Delivered: writer.Delivered(now, message, one.At, 1, one.Count, now, one.Faults); break;
            case RecordType.Processed: writer.Processed(now, message, one.At, one.Count); break;
            case RecordType.OwnershipStarted: writer.OwnershipStarted(now, message.Partition, 1); break;
            case RecordType.OwnershipEnded: writer.OwnershipEnded(now, message.Partition, 1); break;
            case RecordType.Started: writer.Started(now, 1); break;
            case RecordType.Heartbeat: writer.Heartbeat(now); break;
            case RecordType.Stored: writer.Stored(now, message, one.At, one.Faults); break;
            case RecordType.DrainFinished: writer.DrainFinished(now); break;
            case RecordType.FinalReadCompleted: writer.FinalReadCompleted(now, 1, 16, 0); break;
            default: throw new ArgumentOutOfRangeException(nameof(one));
        }

        return record;
    }
}
