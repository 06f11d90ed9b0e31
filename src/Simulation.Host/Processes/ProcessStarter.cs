using System.Collections.Concurrent;
using System.Diagnostics;

namespace Simulation.Host.Processes;

/// <summary>
/// Starts child processes from one thread that lives as long as this process: what a child asks the kernel for, to die with its parent, is
/// tied to the thread that started it, and a thread of the pool may end at any time.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> Orders = [];

    static ProcessStarter() => new Thread(Work) { IsBackground = true, Name = "process starter" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Orders.Add((info, started));
        return started.Task;
    }

    private static void Work()
    {
        foreach ((ProcessStartInfo info, TaskCompletionSource<Process> started) in Orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        }
    }
}
