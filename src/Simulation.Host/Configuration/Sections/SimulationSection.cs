using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record SimulationSection
{
    [Key("How long producers send; the drain comes after. Overridden by `--duration`.", Min = "1s")]
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    [Key("What this process does in the run.")]
    public RunMode Mode { get; init; } = RunMode.AllInOne;

    [Key("Where the run takes place: against a real server in real time, or against a modelled one in virtual time. Overridden by `--world`.")]
    public RunWorld World { get; init; } = RunWorld.Real;

    [Key("Everything random follows from it. Overridden by `--seed`.", LeftOut = "drawn for each run and printed")]
    public ulong? Seed { get; init; }
}

public enum RunMode
{
    [Spelling("all-in-one")]
    AllInOne,
    Coordinator,
    Producer,
    Worker,
}

public enum RunWorld { Real, Virtual }
