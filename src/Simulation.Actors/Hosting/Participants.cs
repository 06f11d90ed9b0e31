using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>How workers and producers are made and supervised, in whichever process.</summary>
internal static class Participants
{
    public static OneForOneStrategy Supervision { get; } = new(_ => Directive.Restart, MaxRetries: 20, Within: TimeSpan.FromMinutes(1))
    {
        MinBackoff = TimeSpan.FromMilliseconds(100),
        MaxBackoff = TimeSpan.FromSeconds(5),
    };

    public static Func<int, Props> Workers(RunOptions run, RunServices services, RunTopology topology) =>
        number =>
        {
            var memory = new WorkerMemory(run);
            return Props.Create(() => new Worker(number, run, services, topology, memory));
        };

    public static Func<int, Props> Producers(RunOptions run, RunServices services, RunTopology topology) =>
        number => Props.Create(() => new Producer(number, run, services, topology));
}
