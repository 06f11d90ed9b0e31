namespace Simulation.Partitioning;

/// <summary>The earliest of the times at which something is to be done, among those still to come: what is due already waits for something else than time.</summary>
internal struct Alarm(TimeSpan now)
{
    /// <summary>Null for never.</summary>
    public TimeSpan? At { get; private set; }

    public void Consider(TimeSpan time)
    {
        if (time > now && !(At <= time))
        {
            At = time;
        }
    }
}
