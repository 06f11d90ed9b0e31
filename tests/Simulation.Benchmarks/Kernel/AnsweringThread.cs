using System.Threading.Channels;
using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>Completes promises on a thread of its own, in batches as they have come, as the reader of a socket does.</summary>
internal sealed class AnsweringThread
{
    private readonly Channel<Promise<int>> _asked = Channel.CreateUnbounded<Promise<int>>(new UnboundedChannelOptions { SingleReader = true });

    public AnsweringThread() => new Thread(Answer) { IsBackground = true }.Start();

    public ActorTask<int> Ask()
    {
        Promise<int> promise = Promise<int>.Rent();
        ActorTask<int> task = promise.Task;
        _asked.Writer.TryWrite(promise);
        return task;
    }

    public void Stop() => _asked.Writer.Complete();

    private void Answer()
    {
        while (_asked.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_asked.Reader.TryRead(out Promise<int> promise))
            {
                promise.TrySetResult(1);
            }
        }
    }
}
