namespace Simulation.Workload;

/// <summary>What one producer has to send, in order of intended time. One owner at a time.</summary>
public interface IArrivalSchedule
{
    /// <summary>When the next message is due, since the start of the run; null when there will be none.</summary>
    TimeSpan? NextAt { get; }

    /// <summary>
    /// Takes the next message if it is due. After a stall this gives exactly what fell due meanwhile, each with the time at which it
    /// should have been sent, and then nothing until the next is due.
    /// </summary>
    bool TryTake(TimeSpan elapsed, out Arrival arrival);

    /// <summary>The partition's messages are due from a time on.</summary>
    /// <param name="partition">One of this producer's.</param>
    /// <param name="at">Since the start of the run.</param>
    /// <param name="after">The last sequence that had been taken by then; what has been taken since is not given again.</param>
    void Open(int partition, TimeSpan at, long after);

    /// <summary>None of the partition's messages is due any more.</summary>
    void Close(int partition);
}
