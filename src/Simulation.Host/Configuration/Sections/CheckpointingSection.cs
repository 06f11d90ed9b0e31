using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record CheckpointingSection
{
    [Key("Keep what a resume needs.")]
    public bool Enabled { get; init; }

    [Key("Time between checkpoints.", Min = "1s")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(30);

    [Key("Folder of the checkpoints.")]
    public string Path { get; init; } = "./checkpoints";

    [Key("Checkpoints to keep.", Min = "1")]
    public int Keep { get; init; } = 3;

    [Key("Where the journal is kept: a `postgres://` URL.", Secret = true, LeftOut = "SQLite in the run's folder")]
    public string? Store { get; init; }
}
