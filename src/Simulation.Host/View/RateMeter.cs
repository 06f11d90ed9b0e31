namespace Simulation.Host.View;

/// <summary>Messages a second, over the last few seconds.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>What is needed of the snapshots, and no more: they are large, and would live just long enough to be dear to collect.</summary>
    private readonly Queue<(TimeSpan Elapsed, long Sent, long Received)> _recent = new();

    public double Sent { get; private set; }

    public double Received { get; private set; }

    public void Add(RunSnapshot snapshot)
    {
        _recent.Enqueue((snapshot.Elapsed, snapshot.Sent, snapshot.Received));
        while (_recent.Count > 2 && snapshot.Elapsed - _recent.Peek().Elapsed > Window)
        {
            _recent.Dequeue();
        }

        (TimeSpan elapsed, long sent, long received) = _recent.Peek();
        double seconds = (snapshot.Elapsed - elapsed).TotalSeconds;
        if (seconds > 0)
        {
            Sent = (snapshot.Sent - sent) / seconds;
            Received = (snapshot.Received - received) / seconds;
        }
    }
}
