using System.Globalization;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Virtual;
using Simulation.Kernel;

namespace Simulation.Benchmarks.Virtual;

/// <summary>
/// What a run in the virtual world costs: processor time of this process, steps of the world and allocations, history in memory, verdict
/// included. Then who causes the steps, counted over ten minutes of a second world of the same seed. Steps and allocations are the same on
/// a busy machine; processor time is not.
/// </summary>
internal static class VirtualBenchmark
{
    private const ulong Seed = 5;
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(10);

    public static int Run(string configFile, string duration)
    {
        SimulationConfig config = ConfigurationLoader.Load(new ConfigurationSources
        {
            File = configFile,
            Flags = [new FlagValue("virtual", "simulation.world", "virtual"), new FlagValue("virtual", "simulation.duration", duration)],
            Sets = ["checkpointing.enabled=false", "metrics.prometheus.enabled=false"],
        }).Config;
        Measure(config);
        CountSteps(config);
        return 0;
    }

    private static void Measure(SimulationConfig config)
    {
        TimeSpan cpu = Environment.CpuUsage.UserTime;
        VirtualWorld world = Create(config);
        while (world.Outcome is null)
        {
            world.RunUntil(world.Elapsed + TimeSpan.FromMinutes(1));
        }

        cpu = Environment.CpuUsage.UserTime - cpu;
        double allocated = GC.GetTotalAllocatedBytes(precise: true);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Duration.Format(config.Simulation.Duration)}: {cpu.TotalSeconds:F1} s of processor time, {world.Steps / 1e6:F2} million steps "
            + $"({world.Steps / world.Elapsed.TotalSeconds:F0} a simulated second, {cpu.TotalMicroseconds / world.Steps:F2} us each), "
            + $"{allocated / world.Steps:F0} bytes a step, {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)} collections, "
            + $"stopped for {GC.GetTotalPauseDuration().TotalSeconds:F1} s"));
    }

    private static void CountSteps(SimulationConfig config)
    {
        VirtualWorld world = Create(config with { Chaos = config.Chaos with { Enabled = false, Scheduled = [] } });
        world.RunUntil(Settled);
        var census = new StepCensus();
        long before = world.Steps;
        world.Observe(census);
        world.RunUntil(Settled + Counted);
        Console.WriteLine(census.Table(world.Steps - before, Counted));
    }

    private static VirtualWorld Create(SimulationConfig config) => new(new VirtualWorldOptions
    {
        Config = config,
        Seed = Seed,
        History = new MemoryHistoryStore(VirtualWorld.RunIdOf(Seed)),
        Telemetry = new NoTelemetry(),
        ChaosTelemetry = IChaosTelemetry.None,
    });
}
