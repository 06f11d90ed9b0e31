using Simulation.History;

namespace Simulation.Host.Checkpoints;

/// <summary>What is to become of old records while a run goes on.</summary>
/// <param name="compaction">Of the run's history.</param>
/// <param name="keep">For how long they stay as they are.</param>
internal sealed class HistoryKeeping(Compaction compaction, TimeSpan keep)
{
    /// <returns>Null where everything is kept.</returns>
    public static HistoryKeeping? Of(IHistoryStore history, TimeSpan? keep) => keep is { } time ? new HistoryKeeping(new Compaction(history), time) : null;

    /// <inheritdoc cref="Compaction.Advance"/>
    public void Advance(DateTimeOffset now) => compaction.Advance(now - keep);
}
