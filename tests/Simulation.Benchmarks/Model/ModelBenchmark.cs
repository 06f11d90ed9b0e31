using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Model;

namespace Simulation.Benchmarks.Model;

/// <summary>
/// What the modelled JetStream costs of a night: 1500 subjects in 100 groups, one durable consumer and one worker a group, 10 producers, 15
/// messages a second in total, pulls of 64 that expire after 30 seconds, for twelve virtual hours. Nothing is recorded or judged, and a
/// handler takes no time, so what is measured is the model and the kernel under it. Then the same with nothing published.
/// </summary>
internal static class ModelBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan Duration = TimeSpan.FromHours(12);

    public static int Run()
    {
        Console.WriteLine("| 12 virtual hours | processor time, median | lowest - highest | a message | allocated a message | heap at the end |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Report("15 messages a second", () => Measure(isIdle: false));
        Report("idle: pulls expire, and nothing else happens", () => Measure(isIdle: true));
        return 0;
    }

    private static Sample Measure(bool isIdle)
    {
        VirtualDispatcher world = Dispatchers.Virtual(1);
        ActorSystem system = ActorSystem.Create("benchmark", world, 1);
        var pipeline = new Pipeline(new ModelConnector(new ModelServer(new ModelServerOptions()), system), isIdle);
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes(true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        pipeline.Start(system);
        world.RunUntil(Duration);
        TimeSpan taken = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(true) - allocated;
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        pipeline.Check();
        return new Sample(taken, allocated, heap, pipeline.Processed, world.Steps);
    }

    private static void Report(string name, Func<Sample> round)
    {
        round();
        Sample[] samples = [.. Enumerable.Range(0, Rounds).Select(_ => round()).OrderBy(sample => sample.Cpu)];
        Sample median = samples[Rounds / 2];
        string message = median.Messages == 0 ? "| |" : string.Create(
            CultureInfo.InvariantCulture, $"| {median.Cpu.TotalMicroseconds / median.Messages:F2} us | {median.Allocated / (double)median.Messages:F0} bytes");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {median.Cpu.TotalSeconds:F2} s | {samples[0].Cpu.TotalSeconds:F2} - {samples[^1].Cpu.TotalSeconds:F2} {message} | {median.Heap >> 20} MiB |"));
        Console.Error.WriteLine($"{name}: {median.Messages} messages, {median.Steps} steps of the world");
    }

    private readonly record struct Sample(TimeSpan Cpu, long Allocated, long Heap, long Messages, long Steps);
}
