namespace Simulation.History;

/// <summary>Both hear the same, one after the other.</summary>
public sealed class TwoObservers(IFoldObserver first, IFoldObserver second) : IFoldObserver
{
    public void TakenUp(Fold fold)
    {
        first.TakenUp(fold);
        second.TakenUp(fold);
    }

    public void Folding(in HistoryRecord record, string participant)
    {
        first.Folding(record, participant);
        second.Folding(record, participant);
    }

    public void Acknowledged(int partition, long microseconds)
    {
        first.Acknowledged(partition, microseconds);
        second.Acknowledged(partition, microseconds);
    }

    public void Arrived(int partition, long microseconds)
    {
        first.Arrived(partition, microseconds);
        second.Arrived(partition, microseconds);
    }

    public void GapOpened(long messages)
    {
        first.GapOpened(messages);
        second.GapOpened(messages);
    }

    public void Intended(int partition)
    {
        first.Intended(partition);
        second.Intended(partition);
    }

    public void Sent(int partition)
    {
        first.Sent(partition);
        second.Sent(partition);
    }

    public void Received(int partition)
    {
        first.Received(partition);
        second.Received(partition);
    }

    public void Duplicated(int partition)
    {
        first.Duplicated(partition);
        second.Duplicated(partition);
    }

    public void GapsChanged(int partition, long missing, long? oldestSince)
    {
        first.GapsChanged(partition, missing, oldestSince);
        second.GapsChanged(partition, missing, oldestSince);
    }
}
