namespace Simulation.History;

/// <summary>
/// Hears of each thing as it is folded. For metrics and for series over time: they want each time as it is, where the fold keeps what the
/// times amount to. Called in the fold's own turn, so it must be quick. Who does not want to hear something leaves it out.
/// </summary>
public interface IFoldObserver
{
    /// <summary>A fold that was kept is taken up again: nobody is told of single things that it has counted already.</summary>
    void TakenUp(Fold fold)
    {
    }

    /// <summary>Any record, before it is folded.</summary>
    void Folding(in HistoryRecord record, string participant)
    {
    }

    /// <summary>A publish has been acknowledged.</summary>
    /// <param name="partition">Of the message.</param>
    /// <param name="microseconds">From a publish's intent to its acknowledgement.</param>
    void Acknowledged(int partition, long microseconds)
    {
    }

    /// <summary>A message has been delivered, for the first time.</summary>
    /// <param name="partition">Of the message.</param>
    /// <param name="microseconds">From the intended send time to the first delivery.</param>
    void Arrived(int partition, long microseconds)
    {
    }

    /// <param name="messages">That are missing now, and were not, below one that has arrived.</param>
    void GapOpened(long messages)
    {
    }

    /// <summary>A message is meant to be sent, for the first time.</summary>
    void Intended(int partition)
    {
    }

    /// <summary>A message has been acknowledged, for the first time.</summary>
    void Sent(int partition)
    {
    }

    /// <summary>A message has been processed, for the first time.</summary>
    void Received(int partition)
    {
    }

    /// <summary>A message was found to be stored or processed once more.</summary>
    void Duplicated(int partition)
    {
    }

    /// <summary>Holes opened or healed.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="missing">Messages missing there now.</param>
    /// <param name="oldestSince">Since when the oldest of them is, in microseconds since 1970; null for none.</param>
    void GapsChanged(int partition, long missing, long? oldestSince)
    {
    }
}
