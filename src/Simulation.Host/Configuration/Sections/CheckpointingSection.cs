using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record CheckpointingSection
{
    [Key("Keep a journal and checkpoints of the run, so that a resume need not read all of its logs; and leave what the run has on somebody else's server when it is stopped at once.")]
    public bool Enabled { get; init; }

    [Key("Time between checkpoints. SIGUSR1 takes one now.", Min = "1s")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(30);

    [Key("Folder of the checkpoints, a SQLite file in it for each run. A relative one is in the run's folder.")]
    public string Path { get; init; } = "./checkpoints";

    [Key("Checkpoints to keep.", Min = "1")]
    public int Keep { get; init; } = 3;

    [Key("Where journal and checkpoints are kept, of any number of runs: a `postgres://` URL.", Secret = true, LeftOut = "SQLite in the run's folder, see `path`")]
    public string? Store { get; init; }
}
