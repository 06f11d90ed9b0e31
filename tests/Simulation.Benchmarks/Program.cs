using System.Globalization;
using Simulation.Benchmarks.Client;
using Simulation.Benchmarks.Harness;
using Simulation.Benchmarks.Kernel;
using Simulation.Benchmarks.Model;
using Simulation.Benchmarks.Persistence;
using Simulation.Benchmarks.Telemetry;
using Simulation.Benchmarks.Tracker;
using Simulation.Benchmarks.Virtual;

return args switch
{
    ["kernel", ("virtual" or "real") and var world] => KernelBenchmark.Run(world),
    ["tracker", "snapshot"] => TrackerBenchmark.RunSnapshot(),
    ["tracker", ..] => TrackerBenchmark.Run(),
    ["telemetry"] => TelemetryBenchmark.Run(),
    ["model"] => ModelBenchmark.Run(),
    ["virtual", string config, string duration] => VirtualBenchmark.Run(config, duration),
    ["client"] => await ClientBenchmark.RunAsync(),
    ["harness"] => await HarnessBenchmark.RunAsync(),
    ["harness", "checkpoint"] => await CheckpointBenchmark.RunAsync(runs: 4),
    ["harness", "checkpoint", string runs] => await CheckpointBenchmark.RunAsync(int.Parse(runs, CultureInfo.InvariantCulture)),
    ["harness", string pairs] => await HarnessBenchmark.RunAsync(int.Parse(pairs, CultureInfo.InvariantCulture)),
    ["persistence"] => await PersistenceBenchmark.RunAsync(url: null),
    ["persistence", string url] => await PersistenceBenchmark.RunAsync(url),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run --project tests/Simulation.Benchmarks -c Release -- <kernel virtual|kernel real|tracker [snapshot]|telemetry|model|virtual <config> <duration>|client|harness [pairs]|harness checkpoint [runs]|persistence [postgres://…]>");
    return 64;
}
