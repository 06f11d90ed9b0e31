namespace Simulation.Benchmarks.Harness;

/// <summary>How far the bare publishers and consumers are. Each writes into a place of its own, on a cache line of its own.</summary>
internal sealed class BareTally(int publishers, int consumers)
{
    private const int Stride = 16;

    private readonly long[] _published = new long[publishers * Stride];
    private readonly long[] _consumed = new long[consumers * Stride];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited = publishers + consumers;
    private int _sending = publishers;
    private volatile bool _stopped;

    public Task Ready => _ready.Task;

    public bool HasStarted => _started.Task.IsCompleted;

    public bool IsStopped => _stopped;

    public long Consumed => Sum(_consumed);

    public bool IsFinished => Volatile.Read(ref _sending) == 0 && Consumed >= Sum(_published);

    public void Start() => _started.TrySetResult();

    public void StopSending() => _stopped = true;

    public void IsReady()
    {
        if (Interlocked.Decrement(ref _awaited) == 0)
        {
            _ready.TrySetResult();
        }
    }

    public void Published(int publisher, long count)
    {
        Volatile.Write(ref _published[publisher * Stride], count);
        Interlocked.Decrement(ref _sending);
    }

    public void Consume(int consumer) => Volatile.Write(ref _consumed[consumer * Stride], _consumed[consumer * Stride] + 1);

    private static long Sum(long[] places)
    {
        long sum = 0;
        for (int i = 0; i < places.Length; i += Stride)
        {
            sum += Volatile.Read(ref places[i]);
        }

        return sum;
    }
}
