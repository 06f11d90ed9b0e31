namespace Simulation.Benchmarks.Harness;

/// <summary>One side of a pair.</summary>
/// <param name="Acknowledged">Messages processed and acknowledged while sending went on.</param>
/// <param name="Total">All messages, the backlog included that was left when sending ended.</param>
/// <param name="Sending">Used while sending went on.</param>
/// <param name="WholeTime">From the first publish to the last acknowledgement of a delivery.</param>
internal sealed record Measurement(long Acknowledged, long Total, Meter Sending, TimeSpan WholeTime)
{
    public double RateWhileSending => Acknowledged / Sending.Wall.TotalSeconds;

    public double RateToTheEnd => Total / WholeTime.TotalSeconds;

    public double AllocatedBytes => (double)Sending.Allocated / Acknowledged;

    public double OurMicroseconds => Sending.Ours.TotalMicroseconds / Acknowledged;

    public double AllMicroseconds => OurMicroseconds + ServerMicroseconds;

    public double ServerMicroseconds => Sending.Server.TotalMicroseconds / Acknowledged;
}
