using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Simulation.Host.Configuration;
using Simulation.Host.Configuration.Values;
using Simulation.Host.Run;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>
/// run.json: what the history does not hold and a report needs. Written when the run begins and again when it ends, so that the folder of
/// a run that was killed can be told from that of one that goes on.
/// </summary>
internal sealed record RunManifest
{
    public const int CurrentSchemaVersion = 1;

    private const string ThresholdsKey = "thresholds";

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required string RunId { get; init; }

    public required ulong Seed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What it was started with, as a whole path; null for no file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>It was stopped at once, and what it had on somebody else's server is gone: it cannot be resumed.</summary>
    public bool Abandoned { get; init; }

    /// <summary>Null as long as nobody has ended it.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended before its time; null when it did not.</summary>
    public string? EndedEarly { get; init; }

    /// <summary>It was stopped at once, and nobody judged.</summary>
    public bool WithoutVerdict { get; init; }

    /// <summary>Who runs it, or ran it.</summary>
    public required RunProcess Process { get; init; }

    /// <summary>The command that does it again.</summary>
    public required string Again { get; init; }

    public required EnvironmentReport Environment { get; init; }

    /// <summary>Every key; secrets masked.</summary>
    public required JsonObject Configuration { get; init; }

    /// <summary>As the configuration has them.</summary>
    [JsonIgnore]
    public ImmutableArray<Threshold> Thresholds => Configuration[ThresholdsKey]?.GetValue<string>() is { } text
        ? ThresholdsKind.Parse(text, problem => throw new JsonException($"thresholds: {problem}"))
        : [];

    /// <summary>It took place in virtual time.</summary>
    [JsonIgnore]
    public bool IsVirtual => World == Words.Spell(RunWorld.Virtual);

    /// <summary>As the configuration says it.</summary>
    [JsonIgnore]
    public string? World => Configuration["simulation"]?["world"]?.ToString();

    public static RunManifest Read(string path)
    {
        RunManifest manifest = JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(path), ReportJson.Options)
            ?? throw new JsonException("it is empty");
        return manifest.SchemaVersion <= CurrentSchemaVersion
            ? manifest
            : throw new JsonException($"its schema version {manifest.SchemaVersion} is newer than this program, which knows {CurrentSchemaVersion}");
    }

    public void Write(RunFolder folder) => ReportJson.WriteFile(folder.ManifestFile, this);
}

/// <param name="Id">Of the operating system.</param>
/// <param name="Machine">Where it is.</param>
/// <param name="StartedAt">Numbers of processes are given away again. Whether it still conducts the run, the run's lock tells.</param>
internal sealed record RunProcess(int Id, string Machine, DateTimeOffset StartedAt)
{
    public static RunProcess Current()
    {
        using var process = Process.GetCurrentProcess();
        return new RunProcess(process.Id, System.Environment.MachineName, process.StartTime.ToUniversalTime());
    }
}

/// <param name="Versions">Of this program and what it runs on.</param>
/// <param name="NatsServers">Versions of the servers; empty as long as none has started.</param>
/// <param name="Processors">That the process may use.</param>
/// <param name="Machine">Its name.</param>
internal sealed record EnvironmentReport(CommandLine.Versions Versions, ImmutableArray<string> NatsServers, int Processors, string Machine);
