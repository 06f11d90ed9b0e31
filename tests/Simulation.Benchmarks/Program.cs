using Simulation.Benchmarks.Tracker;

return args switch
{
    ["tracker", ..] => TrackerBenchmark.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run --project tests/Simulation.Benchmarks -c Release -- tracker");
    return 64;
}
