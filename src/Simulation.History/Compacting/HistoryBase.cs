using System.Buffers.Binary;
using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// What a compacted history begins with: all that anybody has to know of the records that come before the place where each log now begins.
/// See docs/history-format.md.
/// </summary>
public sealed class HistoryBase
{
    /// <summary>Of the file beside the logs.</summary>
    public const string FileName = "compacted.base";

    private const ulong Magic = 0x3145_5341_424D_4953; // "SIMBASE1"
    private const int Head = sizeof(ulong) + sizeof(uint);

    private SortedDictionary<string, ParticipantDigest> _digests = new(StringComparer.Ordinal);
    private SecondsFile _seconds;

    private HistoryBase(FoldSnapshot fold, byte[] series, SecondsFile seconds) => (Fold, Series, _seconds) = (fold, series, seconds);

    /// <summary>Records that are in it.</summary>
    public long Records => Fold.Records;

    /// <summary>They are from before then.</summary>
    public DateTimeOffset UpTo => UnixMicroseconds.ToTime(Fold.Logs.Select(log => log.Time).DefaultIfEmpty(0).Max());

    /// <summary>What the records amount to, and where in each log it ends.</summary>
    internal FoldSnapshot Fold { get; private set; }

    /// <summary>Of a <see cref="SeriesFold"/>.</summary>
    internal byte[] Series { get; private set; }

    /// <summary>How much of the seconds' file comes before it.</summary>
    internal SecondsFile Seconds => _seconds;

    /// <returns>Null when nothing was compacted.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    internal static HistoryBase? Read(IHistoryStore store)
    {
        if (store.ReadBeside(FileName) is not { } bytes)
        {
            return null;
        }

        if (bytes.Length < Head || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(sizeof(ulong))) != LogFormat.Checksum(bytes.AsSpan(Head)))
        {
            throw new InvalidDataException($"{FileName} is damaged, or of another version");
        }

        var read = new HistoryBase(new FoldSnapshot(0, 0, [], []), [], default);
        string runId = "";
        read.Exchange(new FoldArchive.Reader(bytes[Head..]), ref runId);
        return runId == store.RunId ? read : throw new InvalidDataException($"{FileName} is of run {runId}");
    }

    internal static HistoryBase Of(FoldSnapshot fold, SeriesFold series, SecondsFile seconds, IReadOnlyDictionary<string, ParticipantDigest> digests)
    {
        var state = new FoldArchive.Writer();
        series.Exchange(state);
        var made = new HistoryBase(fold, state.ToArray(), seconds);

        made._digests = Copy(digests); // Whoever they are of goes on with them.
        return made;
    }

    /// <summary>Of everybody, to be gone on with.</summary>
    internal SortedDictionary<string, ParticipantDigest> CopyDigests() => Copy(_digests);

    /// <returns>One without anything for who has nothing in it.</returns>
    internal ParticipantDigest DigestOf(string participant) => _digests.GetValueOrDefault(participant) ?? new ParticipantDigest();

    /// <returns>Null for who has nothing in it.</returns>
    internal LogPosition? PositionOf(string participant) => Fold.Logs.FirstOrDefault(log => log.Participant == participant);

    internal void Write(IHistoryStore store)
    {
        var archive = new FoldArchive.Writer();
        string runId = store.RunId;
        Exchange(archive, ref runId);
        byte[] bytes = new byte[Head + archive.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        archive.Written.CopyTo(bytes.AsSpan(Head));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(ulong)), LogFormat.Checksum(archive.Written));
        store.WriteBeside(FileName, bytes);
    }

    private static SortedDictionary<string, ParticipantDigest> Copy(IReadOnlyDictionary<string, ParticipantDigest> digests) =>
        new(digests.ToDictionary(digest => digest.Key, digest => digest.Value.Copy()), StringComparer.Ordinal);

    private void Exchange(FoldArchive archive, ref string runId)
    {
        archive.Exchange(ref runId);
        (int version, long records, byte[] state, byte[] series) = (Fold.Version, Fold.Records, Fold.State, Series);
        LogPosition?[] logs = [.. Fold.Logs];
        archive.Exchange(ref version);
        archive.Exchange(ref records);
        archive.Exchange(ref logs, ExchangePosition);
        archive.Exchange(ref state);
        archive.Exchange(ref series);
        _seconds.Exchange(archive);
        archive.Exchange(_digests, (ref ParticipantDigest digest) =>
        {
            digest = archive.IsReading ? new ParticipantDigest() : digest;
            digest.Exchange(archive);
        });
        (Fold, Series) = (new FoldSnapshot(version, records, [.. logs.OfType<LogPosition>()], state), series);

        void ExchangePosition(ref LogPosition? position)
        {
            (string participant, int segment, long offset, long checksum, long time) = position is null ? ("", 0, 0, 0, 0)
                : (position.Participant, position.Segment, position.Offset, (long)position.Checksum, position.Time);
            archive.Exchange(ref participant);
            archive.Exchange(ref segment);
            archive.Exchange(ref offset);
            archive.Exchange(ref checksum);
            archive.Exchange(ref time);
            position = new LogPosition(participant, segment, offset, (uint)checksum, time);
        }
    }
}
