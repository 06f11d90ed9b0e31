using Simulation.Benchmarks.Client;
using Simulation.Benchmarks.Tracker;

return args switch
{
    ["tracker", ..] => TrackerBenchmark.Run(),
    ["client"] => await ClientBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run --project tests/Simulation.Benchmarks -c Release -- <tracker|client>");
    return 64;
}
