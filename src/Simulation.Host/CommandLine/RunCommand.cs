using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Simulation.History;
using Simulation.Host.Checkpoints;
using Simulation.Host.Configuration;
using Simulation.Host.Telemetry;
using Simulation.Host.Processes;
using Simulation.Host.Reports;
using Simulation.Host.Run;
using Simulation.Host.Thresholds;
using Simulation.Host.View;
using Simulation.Host.Virtual;
using Simulation.Kernel;

namespace Simulation.Host.CommandLine;

/// <summary><c>simulation run</c>, and <c>simulation</c> without a command.</summary>
internal sealed class RunCommand(Surroundings surroundings, Option<bool> verbose)
{
    private readonly ConfigurationOptions _configuration = new();
    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Goes on with a run that was interrupted: the one named, or the latest of this configuration.", HelpName = "RUN", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _output = new("--output", "-o") { Description = "Where the folders of runs go.", HelpName = "DIR", DefaultValueFactory = _ => "./runs" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only warnings, and the verdict." };
    private readonly Option<bool> _noColour = new("--no-color") { Description = "No colours. NO_COLOR does the same." };

    private readonly Option<string?> _mode = new("--mode") { Description = "What this process does in the run.", HelpName = "MODE", Hidden = true };
    private readonly Option<int?> _childOf = new("--child-of") { Description = "The coordinator that has started this process.", HelpName = "PROCESS", Hidden = true };

    public Command Create()
    {
        var command = new Command("run", "Runs the pipeline and gives the verdict. What `simulation --config FILE` is short for.");
        AddTo(command);
        return command;
    }

    public void AddTo(Command command)
    {
        _configuration.AddTo(command);
        _configuration.AddWorldTo(command);
        command.Options.Add(_mode);
        command.Options.Add(_childOf);
        command.Options.Add(_resume);
        command.Options.Add(_output);
        command.Options.Add(_quiet);
        command.Options.Add(_noColour);
        command.SetAction(async (parsed, _) => (int)await RunAsync(parsed));
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed)
    {
        KnownRun? resumed = ResumedRun(parsed);
        LoadedConfiguration loaded = WithSeed(_configuration.LoadFile(FileOf(parsed, resumed), parsed, surroundings, ModeOf(parsed)), resumed?.Manifest);
        if (parsed.GetValue(_childOf) is { } parent)
        {
            return await ParticipantMain.RunAsync(loaded.Config, parent);
        }

        if (NotBuiltYet.In(loaded) is { IsEmpty: false } missing)
        {
            throw new ConfigurationException(missing);
        }

        string runId = resumed?.Manifest.RunId ?? RunIdFor(loaded.Config);
        await using var telemetry = RunTelemetry.Start(loaded.Config.Metrics, runId, InfoOf(loaded.Config));
        return await RunAsync(parsed, resumed is null ? NewRun(parsed, loaded, runId) : ResumedRun(parsed, loaded, resumed), telemetry);
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, Occasion occasion, RunTelemetry telemetry)
    {
        (LoadedConfiguration loaded, RunFolder folder, RunManifest manifest, _, RunProcess? former) = occasion;
        using RunLock held = RunLock.Take(folder);
        using var checkpointSignal = new CheckpointSignal();
        bool mayHaveSurvivors = former is not null && !Leftovers.End(folder, former, text => surroundings.Error.WriteLine(text))
            && loaded.Config.Workers.Isolation == Isolation.Process;
        await File.WriteAllTextAsync(folder.ConfigurationFile, EffectiveConfiguration.Write(loaded, origins: true));
        manifest.Write(folder);
        RunConclusion conclusion;
        using (ProcessSampler? sampler = loaded.Config.Simulation.World == RunWorld.Real ? new ProcessSampler(folder.ProcessFile, surroundings.Time) : null)
        {
            conclusion = await ConductAsync(parsed, occasion, mayHaveSurvivors, telemetry, sampler, checkpointSignal);
            checkpointSignal.Tell(null);
        }

        ExitCode exitCode = Report(folder, conclusion, manifest with
        {
            EndedAt = surroundings.Time.GetUtcNow(),
            EndedEarly = conclusion.EndedEarly,
            WithoutVerdict = conclusion.Verdict is null,
            Abandoned = conclusion.Abandoned,
            Environment = manifest.Environment with { NatsServers = conclusion.Servers },
        });
        await LingerAsync(telemetry, quiet: parsed.GetValue(_quiet));
        return exitCode;
    }

    /// <summary>The verdict goes to the console first: whatever becomes of the files, it has been told.</summary>
    private ExitCode Report(RunFolder folder, RunConclusion conclusion, RunManifest manifest)
    {
        PrintVerdict(conclusion);
        try
        {
            WriteViolations(folder, conclusion);
            manifest.Write(folder);
            RunReport report = RunReport.AtTheEnd(folder, manifest, conclusion.Verdict);
            Summary.WriteThresholds(surroundings.Output, report.Thresholds);
            ReportFiles.Write(report);
            AppendToStepSummary(folder);
            return report.ExitCode;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"the report cannot be written: {error.Message}; the verdict above is all there is", error);
        }
        finally
        {
            PrintPlaces(folder, conclusion);
        }
    }

    /// <summary>GitHub Actions shows what is in this file beside the job. Others' files are no reason to fail a run.</summary>
    private void AppendToStepSummary(RunFolder folder)
    {
        if (surroundings.Environment.GetValueOrDefault("GITHUB_STEP_SUMMARY") is not { Length: > 0 } file)
        {
            return;
        }

        try
        {
            File.AppendAllText(file, File.ReadAllText(folder.SummaryFile));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            surroundings.Error.WriteLine($"simulation: GITHUB_STEP_SUMMARY cannot be written: {error.Message}");
        }
    }

    private async Task<RunConclusion> ConductAsync(
        ParseResult parsed, Occasion occasion, bool mayHaveSurvivors, RunTelemetry telemetry, ProcessSampler? sampler, CheckpointSignal checkpointSignal)
    {
        (SimulationConfig config, RunFolder folder) = (occasion.Loaded.Config, occasion.Folder);
        await using IRunView view = CreateView(parsed);
        using var log = new RunLog(folder.LogFile, LeastLevel(parsed), view.WriteLine, surroundings.Time);
        using var shutdown = new Shutdown(log.Warning);
        checkpointSignal.Tell(() => log.Warning("SIGUSR1 asks for a checkpoint, and this run keeps none; checkpointing.enabled in the real world lets it"));
        log.Info($"Run {folder.RunId}, seed {config.Simulation.Seed}, folder {folder.Path}");
        if (Overload.In(config) is { } overload)
        {
            log.Warning($"The drain will not end in time: {overload}");
        }

        using IDisposable? export = telemetry.Begin(log);
        var progress = new ProgressLines(log, view is LiveView ? LogLevel.Debug : LogLevel.Info);
        RunConclusion conclusion = await LoggingFailure(log, () => surroundings.Composition.RunAsync(new RunRequest
        {
            Config = config,
            Seed = config.Simulation.Seed!.Value,
            Folder = folder,
            IsResumed = occasion.Former is not null,
            MayHaveSurvivors = mayHaveSurvivors,
            Arguments = [.. _configuration.Arguments(occasion.File, parsed), "--seed", config.Simulation.Seed.Value.ToString(CultureInfo.InvariantCulture)],
            Log = log,
            Instruments = telemetry.Instruments,
            Shutdown = shutdown,
            CheckpointSignal = checkpointSignal,
            Thresholds = config.Thresholds.Any(threshold => threshold.Abort) ? new ThresholdWatch(config.Thresholds, () => sampler?.Now) : null,
            Show = snapshot =>
            {
                telemetry.Instruments.Show(snapshot);
                progress.Show(snapshot);
                view.Show(snapshot);
            },
        }));
        telemetry.Conclude(conclusion.Verdict);
        return conclusion;
    }

    private async Task LingerAsync(RunTelemetry telemetry, bool quiet)
    {
        using var shutdown = new Shutdown(_ => { });
        await telemetry.LingerAsync(text => (quiet ? TextWriter.Null : surroundings.Error).WriteLine(text), shutdown.Drain);
    }

    // ---- a run that begins, and one that goes on

    private Occasion NewRun(ParseResult parsed, LoadedConfiguration loaded, string runId)
    {
        DateTimeOffset now = surroundings.Time.GetUtcNow();
        string? file = _configuration.FileOf(parsed);
        RunFolder folder = RunFolder.Create(parsed.GetRequiredValue(_output), now, runId);
        RunManifest manifest = ManifestOf(loaded.Config, folder, now) with { ConfigurationFile = file is null ? null : Path.GetFullPath(file) };
        return new Occasion(loaded, folder, manifest, file, Former: null);
    }

    /// <returns>Null when a run is to begin.</returns>
    private KnownRun? ResumedRun(ParseResult parsed) => parsed.GetResult(_resume) is { Implicit: false }
        ? new RunCatalogue(parsed.GetRequiredValue(_output)).Resumable(parsed.GetValue(_resume), _configuration.FileOf(parsed))
        : null;

    private Occasion ResumedRun(ParseResult parsed, LoadedConfiguration loaded, KnownRun run)
    {
        RunManifest manifest = ManifestOf(loaded.Config, run.Folder, run.Manifest.StartedAt) with { ConfigurationFile = run.Manifest.ConfigurationFile };
        ConfigurationChange.Check(manifest.RunId, run.Manifest.Configuration, manifest.Configuration);
        return new Occasion(loaded, run.Folder, manifest, FileOf(parsed, run), run.Manifest.Process);
    }

    /// <summary>A run that is resumed by its name alone goes on with the configuration that is in its folder.</summary>
    private string? FileOf(ParseResult parsed, KnownRun? resumed) => _configuration.FileOf(parsed) ?? resumed?.Folder.ConfigurationFile;

    /// <summary>What was settled before the run begins, or goes on.</summary>
    /// <param name="Loaded">The configuration.</param>
    /// <param name="Folder">Of the run.</param>
    /// <param name="Manifest">What is known of it.</param>
    /// <param name="File">Of the configuration; null for none.</param>
    /// <param name="Former">Who conducted it before; null for a run that begins.</param>
    private sealed record Occasion(LoadedConfiguration Loaded, RunFolder Folder, RunManifest Manifest, string? File, RunProcess? Former);

    private ImmutableArray<FlagValue> ModeOf(ParseResult parsed) =>
        parsed.GetValue(_mode) is { } mode ? [new FlagValue(_mode.Name, "simulation.mode", mode)] : [];

    /// <summary>A run without a seed gets one here, so that it can be told and used again.</summary>
    private static LoadedConfiguration WithSeed(LoadedConfiguration loaded, RunManifest? resumed)
    {
        if (loaded.Config.Simulation.Seed is not null)
        {
            return loaded;
        }

        ulong drawn = resumed?.Seed
            ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 32; // Short enough to be typed.
        return new LoadedConfiguration(
            loaded.Config with { Simulation = loaded.Config.Simulation with { Seed = drawn } },
            new Dictionary<string, Origin>(loaded.Origins) { ["simulation.seed"] = new Origin("drawn for this run") });
    }

    /// <summary>In the virtual world it follows from the seed as everything does: it is part of every message's identity.</summary>
    private static string RunIdFor(SimulationConfig config) => config.Simulation.World == RunWorld.Virtual
        ? VirtualWorld.RunIdOf(config.Simulation.Seed!.Value)
        : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private static Dictionary<string, string> InfoOf(SimulationConfig config) => new()
    {
        ["seed"] = config.Simulation.Seed.ToString()!,
        ["version"] = Versions.OfThisProcess().Simulation,
        ["strategy"] = config.Workers.AssignmentStrategy.ToString(),
        ["mode"] = config.Nats.Mode.ToString().ToLowerInvariant(),
    };

    private IRunView CreateView(ParseResult parsed)
    {
        bool live = surroundings.IsTerminal && !parsed.GetValue(_quiet);
        return live
            ? LiveView.OnTerminal(surroundings.Error, colour: !parsed.GetValue(_noColour) && !surroundings.WantsNoColour)
            : new PlainView(surroundings.Error);
    }

    private LogLevel LeastLevel(ParseResult parsed) =>
        parsed.GetValue(_quiet) ? LogLevel.Warning : parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Info;

    /// <summary>The run's log keeps what ended the run; whoever started it is told by <see cref="Application"/>.</summary>
    private static async Task<RunConclusion> LoggingFailure(RunLog log, Func<Task<RunConclusion>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error)
        {
            log.Write(LogLevel.Debug, "", "The run failed", error);
            throw;
        }
    }

    private static RunManifest ManifestOf(SimulationConfig config, RunFolder folder, DateTimeOffset startedAt) => new()
    {
        RunId = folder.RunId,
        Seed = config.Simulation.Seed!.Value,
        StartedAt = startedAt,
        Process = RunProcess.Current(),
        Again = Again(folder),
        Environment = new EnvironmentReport(Versions.OfThisProcess(), NatsServers: [], Environment.ProcessorCount, Environment.MachineName),
        Configuration = EffectiveConfiguration.ToJson(config),
    };

    private static string Again(RunFolder folder) => $"simulation run --config {CommandLines.Quote(folder.ConfigurationFile)}";

    private static void WriteViolations(RunFolder folder, RunConclusion conclusion)
    {
        if (conclusion.Evidence.IsEmpty)
        {
            return;
        }

        using var file = new EvidenceFile(folder.ViolationsFile);
        foreach (Evidence evidence in conclusion.Evidence)
        {
            file.Write(evidence);
        }
    }

    private void PrintVerdict(RunConclusion conclusion)
    {
        if (conclusion.Verdict is { } verdict)
        {
            Summary.Write(surroundings.Output, verdict);
        }
        else
        {
            surroundings.Output.WriteLine("Stopped before the end, without a verdict.");
        }
    }

    private void PrintPlaces(RunFolder folder, RunConclusion conclusion)
    {
        TextWriter output = surroundings.Output;
        output.WriteLine();
        if (conclusion.EndedEarly is { } why)
        {
            output.WriteLine($"Ended early: {why}");
        }

        output.WriteLine($"Run folder: {folder.Path}");
        if (File.Exists(folder.PageFile))
        {
            output.WriteLine($"Report:     {folder.PageFile}");
        }

        output.WriteLine($"Again:      {Again(folder)}");
        if (KnownRun.In(folder.Path) is { Verdict: null } run && KnownRun.WhyNotResumable(run.Manifest) is null)
        {
            output.WriteLine($"To go on:   simulation --resume {CommandLines.Quote(folder.Path)}");
        }
    }
}
