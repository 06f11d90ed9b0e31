using Simulation.History;

namespace Simulation.Actors;

/// <summary>How often a participant has begun: its own log tells.</summary>
internal static class Incarnations
{
    public static int Next(IHistoryStore history, string participant)
    {
        using var log = ParticipantLog.Open(history, participant);
        int before = log?.Digest.Incarnations ?? 0;
        while (log?.Reader.TryRead(out HistoryRecord record) == true)
        {
            before += record.Type == RecordType.Started ? 1 : 0;
        }

        return before + 1;
    }
}
