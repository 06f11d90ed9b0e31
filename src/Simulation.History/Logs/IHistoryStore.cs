namespace Simulation.History;

/// <summary>Where the logs of one run are kept: files in the real world, memory in the virtual one.</summary>
public interface IHistoryStore
{
    string RunId { get; }

    /// <summary>
    /// Opens a participant's log for appending. A participant that comes back (restarted, killed, resumed) goes on in a new segment of
    /// the same log; what its predecessor wrote stays. One writer at a time.
    /// </summary>
    /// <param name="participant">Letters, digits, dot, dash and underscore: it names a folder.</param>
    /// <param name="kind">What it is.</param>
    /// <exception cref="IOException">No room, or no permission. The message names the file.</exception>
    HistoryWriter Create(string participant, ParticipantKind kind);

    /// <summary>Everyone who has a log by now, in ordinal order.</summary>
    IReadOnlyList<string> Participants();

    /// <summary>Reads a log from its beginning and, called again, what was appended since.</summary>
    HistoryReader Read(string participant);

    /// <returns>All that lies beside the logs under that name; null for nothing.</returns>
    byte[]? ReadBeside(string name);

    /// <summary>Puts something beside the logs, in the place of what was there: all of it is there afterwards, or nothing has changed.</summary>
    void WriteBeside(string name, ReadOnlySpan<byte> bytes);

    /// <summary>Puts something behind the first bytes of what is there; what was behind them goes.</summary>
    void AppendBeside(string name, long behind, ReadOnlySpan<byte> bytes);

    /// <summary>Takes the segments of a log away that come before this one.</summary>
    void DeleteBefore(string participant, int segment);
}
