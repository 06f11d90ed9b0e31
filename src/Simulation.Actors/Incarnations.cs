using Simulation.History;

namespace Simulation.Actors;

/// <summary>How often a participant has begun: its own log tells.</summary>
internal static class Incarnations
{
    public static int Next(IHistoryStore history, string participant)
    {
        int before = 0;
        if (history.Participants().Contains(participant))
        {
            using HistoryReader reader = history.Read(participant);
            while (reader.TryRead(out HistoryRecord record))
            {
                before += record.Type == RecordType.Started ? 1 : 0;
            }
        }

        return before + 1;
    }
}
