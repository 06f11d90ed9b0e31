namespace Simulation.Nats.Proxy;

/// <summary>What was seen on the way: the proof that a fault bit.</summary>
/// <param name="Opened">Connections accepted.</param>
/// <param name="Reset">Connections cut with a TCP reset, on both sides.</param>
/// <param name="Refused">Connections reset at once when they came.</param>
/// <param name="Delivered">Bytes passed on.</param>
/// <param name="Delayed">Bytes that were made to wait for latency or bandwidth.</param>
/// <param name="Held">Bytes that came while they were held back. What waits unread behind them in the kernel is not counted.</param>
/// <param name="Stalled">Connections that came and got no answer.</param>
/// <param name="Swallowed">Bytes that vanished.</param>
public readonly record struct LinkCounts(long Opened, long Reset, long Refused, long Delivered, long Delayed, long Held, long Stalled, long Swallowed)
{
    public static LinkCounts operator +(LinkCounts a, LinkCounts b) => new(
        a.Opened + b.Opened, a.Reset + b.Reset, a.Refused + b.Refused, a.Delivered + b.Delivered,
        a.Delayed + b.Delayed, a.Held + b.Held, a.Stalled + b.Stalled, a.Swallowed + b.Swallowed);

    public static LinkCounts operator -(LinkCounts a, LinkCounts b) => new(
        a.Opened - b.Opened, a.Reset - b.Reset, a.Refused - b.Refused, a.Delivered - b.Delivered,
        a.Delayed - b.Delayed, a.Held - b.Held, a.Stalled - b.Stalled, a.Swallowed - b.Swallowed);
}
