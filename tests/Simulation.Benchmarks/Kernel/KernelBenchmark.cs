using System.Diagnostics;
using System.Globalization;
using Simulation.Kernel;

namespace Simulation.Benchmarks.Kernel;

/// <summary>
/// What a message, an await and a promise cost in each world, and what they allocate. Medians of seven rounds after two to warm up. The
/// virtual world has one thread, so there the processor time counts; in the real world it is the time on the wall.
/// </summary>
internal static class KernelBenchmark
{
    private const int Rounds = 7;
    private const int WarmUps = 2;
    private const int Messages = 1_000_000;

    /// <param name="world"><c>virtual</c> or <c>real</c>: a process measures one, because the runtime compiles for what it has seen.</param>
    public static int Run(string world)
    {
        Console.WriteLine("| | median | lowest - highest | million/s | allocated |");
        Console.WriteLine("|---|---|---|---|---|");
        if (world == "virtual")
        {
            RunVirtual();
        }
        else
        {
            RunReal();
        }

        return 0;
    }

    private static void RunVirtual()
    {
        Report("ping-pong, a message", Messages, Virtual(system => PingPong.Start(system, 1, Messages)));
        Report("ping-pong of a record with four fields, a message", Messages, Virtual(system => PingPong.StartWithContent(system, 1, Messages)));
        Report("100 actors to one, a message", Messages, Virtual(system => FanIn.Start(system, 100, Messages)));
        foreach (int loops in new[] { 1, 1500 })
        {
            Report($"await of a timer, {loops} actor(s)", Messages, Virtual(system => Sleepers.Start(system, loops, Messages, nested: false)));
            Report($"await of a timer three methods deep, {loops} actor(s)", Messages, Virtual(system => Sleepers.Start(system, loops, Messages, nested: true)));
        }
    }

    private static void RunReal()
    {
        foreach (int pairs in new[] { 1, 2, 8 })
        {
            Report($"ping-pong, {pairs} pair(s), a message", Messages, Real(system => PingPong.Start(system, pairs, Messages)));
        }

        Report("100 actors to one, a message", Messages, Real(system => FanIn.Start(system, 100, Messages)));
        foreach (int loops in new[] { 256, 4000 })
        {
            Report($"await of a promise that another thread completes, {loops} loops in one actor", Messages, Real(system => PromiseRounds.Start(system, loops, Messages)));
        }

        Report("spawn of a loop that awaits such a promise, 256 at once", Messages, Real(system => PromiseSpawns.Start(system, 256, Messages)));
    }

    private static Func<Sample> Virtual(Func<ActorSystem, Task> start) => () =>
    {
        VirtualDispatcher world = Dispatchers.Virtual(1);
        ActorSystem system = ActorSystem.Create("benchmark", world, 1);
        Task done = start(system);
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        world.RunUntil(() => done.IsCompleted, TimeSpan.FromDays(1000));
        return new Sample(Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(true) - allocated);
    };

    private static Func<Sample> Real(Func<ActorSystem, Task> start) => () =>
    {
        ActorSystem system = ActorSystem.Create("benchmark", Dispatchers.Real(), 1);
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(true);
        Stopwatch wall = Stopwatch.StartNew();
        start(system).Wait();
        Sample sample = new(wall.Elapsed, GC.GetTotalAllocatedBytes(true) - allocated);
        system.DisposeAsync().AsTask().Wait();
        return sample;
    };

    private static void Report(string name, int items, Func<Sample> round)
    {
        List<Sample> samples = [];
        for (int i = 0; i < WarmUps + Rounds; i++)
        {
            Sample sample = round();
            if (i >= WarmUps)
            {
                samples.Add(sample);
            }
        }

        double[] nanoseconds = [.. samples.Select(sample => sample.Time.TotalNanoseconds / items).Order()];
        double median = nanoseconds[Rounds / 2];
        double bytes = samples.Select(sample => sample.Bytes / (double)items).Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {median:F0} ns | {nanoseconds[0]:F0} - {nanoseconds[^1]:F0} | {1000 / median:F1} | {bytes:F1} B |"));
    }

    private readonly record struct Sample(TimeSpan Time, long Bytes);
}
