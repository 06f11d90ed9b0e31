namespace Simulation.History;

/// <summary>
/// Hears of each thing as it is folded. For metrics: they want each time as it is, where the fold keeps what the times amount to. Called in
/// the fold's own turn, so it must be quick.
/// </summary>
public interface IFoldObserver
{
    /// <summary>Any record, before it is folded.</summary>
    void Folding(in HistoryRecord record, string participant);

    /// <param name="microseconds">From a publish's intent to its acknowledgement.</param>
    void Acknowledged(long microseconds);

    /// <param name="microseconds">From the intended send time to the first delivery.</param>
    void Arrived(long microseconds);

    /// <param name="messages">That are missing now, and were not, below one that has arrived.</param>
    void GapOpened(long messages);
}
