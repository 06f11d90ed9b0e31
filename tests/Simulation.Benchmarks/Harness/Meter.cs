using System.Diagnostics;

namespace Simulation.Benchmarks.Harness;

/// <summary>What this process and the server's have used up to now.</summary>
internal readonly record struct Meter(TimeSpan Wall, TimeSpan Ours, TimeSpan Server, long Allocated)
{
    public static Meter Read(int serverProcessId)
    {
        using Process server = Process.GetProcessById(serverProcessId);
        return new Meter(Stopwatch.GetElapsedTime(0), Environment.CpuUsage.TotalTime, server.TotalProcessorTime, GC.GetTotalAllocatedBytes());
    }

    public static Meter operator -(Meter end, Meter begin) =>
        new(end.Wall - begin.Wall, end.Ours - begin.Ours, end.Server - begin.Server, end.Allocated - begin.Allocated);
}
