namespace Simulation.History;

/// <summary>A participant's own log, for whoever comes back under its name: what was compacted of it, and then what is left.</summary>
public sealed class ParticipantLog : IDisposable
{
    /// <summary>The base may be replaced, and what the last one began with go, between two looks. It does not happen twice.</summary>
    private const int Attempts = 3;

    private ParticipantLog(ParticipantDigest digest, HistoryReader reader) => (Digest, Reader) = (digest, reader);

    /// <summary>Of the records before.</summary>
    public ParticipantDigest Digest { get; }

    /// <summary>At the first record that is not in the digest.</summary>
    public HistoryReader Reader { get; }

    /// <returns>Null when there is no such log.</returns>
    /// <exception cref="InvalidDataException">What was compacted cannot be read.</exception>
    public static ParticipantLog? Open(IHistoryStore store, string participant)
    {
        if (!store.Participants().Contains(participant))
        {
            return null;
        }

        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            var compacted = HistoryBase.Read(store);
            HistoryReader reader = store.Read(participant);
            if (compacted?.PositionOf(participant) is not { } position || reader.TryGoBehind(position.Place))
            {
                return new ParticipantLog(compacted?.DigestOf(participant) ?? new ParticipantDigest(), reader);
            }

            reader.Dispose();
        }

        throw new InvalidDataException($"The log of {participant} does not go on where {HistoryBase.FileName} says that it does.");
    }

    public void Dispose() => Reader.Dispose();
}
