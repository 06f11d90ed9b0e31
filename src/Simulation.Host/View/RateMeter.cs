namespace Simulation.Host.View;

/// <summary>Messages a second, over the last few seconds.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<RunSnapshot> _recent = new();

    public double Sent { get; private set; }

    public double Received { get; private set; }

    public void Add(RunSnapshot snapshot)
    {
        _recent.Enqueue(snapshot);
        while (_recent.Count > 2 && snapshot.Elapsed - _recent.Peek().Elapsed > Window)
        {
            _recent.Dequeue();
        }

        RunSnapshot oldest = _recent.Peek();
        double seconds = (snapshot.Elapsed - oldest.Elapsed).TotalSeconds;
        if (seconds > 0)
        {
            Sent = (snapshot.Sent - oldest.Sent) / seconds;
            Received = (snapshot.Received - oldest.Received) / seconds;
        }
    }
}
