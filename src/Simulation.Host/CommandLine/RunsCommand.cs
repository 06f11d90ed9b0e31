using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Simulation.Host.Checkpoints;
using Simulation.Kernel;

namespace Simulation.Host.CommandLine;

/// <summary>What runs there are, and away with the old ones.</summary>
internal sealed class RunsCommand(Surroundings surroundings)
{
    private readonly Option<string> _output = new("--output", "-o") { Description = "Where the folders of runs are.", HelpName = "DIR", DefaultValueFactory = _ => "./runs", Recursive = true };
    private readonly Option<int> _keep = new("--keep") { Description = "So many of the latest stay.", HelpName = "N", Required = true };

    public Command Create(Examples examples)
    {
        var clean = new Command("clean", "Removes the folders of old runs. One that is running stays, whatever its age.") { _keep };
        _keep.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, CultureInfo.InvariantCulture, out int keep) && keep >= 0))
            {
                result.AddError($"--keep: '{text}' is not a whole number from 0 on.");
            }
        });
        clean.SetAction(parsed => Clean(new RunCatalogue(parsed.GetRequiredValue(_output)), parsed.GetValue(_keep)));
        var command = new Command("runs", "Lists the runs in a folder, the latest first: which can be resumed, and what came of the others.")
        {
            _output,
            examples.For(clean, "simulation runs clean --keep 10"),
        };
        command.SetAction(parsed => List(new RunCatalogue(parsed.GetRequiredValue(_output))));
        return examples.For(command, "simulation runs", "simulation runs --output /data/runs");
    }

    private int List(RunCatalogue catalogue)
    {
        ImmutableArray<KnownRun> runs = catalogue.Runs();
        if (runs.IsEmpty)
        {
            surroundings.Error.WriteLine(catalogue.WhyNone);
            return (int)ExitCode.Passed;
        }

        surroundings.Output.WriteLine(Line("RUN", "STATE", "VERDICT", "STARTED", "LASTED", "SIZE", "CONFIGURATION"));
        foreach (KnownRun run in runs)
        {
            surroundings.Output.WriteLine(Line(
                run.Manifest.RunId, NameOf(run.State), run.Verdict?.ToString().ToLowerInvariant() ?? "-",
                run.Manifest.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                Duration.Format(TimeSpan.FromSeconds(Math.Round(run.Lasted(surroundings.Time.GetUtcNow()).TotalSeconds))),
                Size(run.Bytes()), run.Manifest.ConfigurationFile ?? "-"));
        }

        return (int)ExitCode.Passed;
    }

    private int Clean(RunCatalogue catalogue, int keep)
    {
        ImmutableArray<KnownRun> old = [.. catalogue.Runs().Skip(keep).Where(run => run.State != RunState.Running)];
        foreach (KnownRun run in old)
        {
            try
            {
                run.Remove();
                surroundings.Output.WriteLine($"removed {run.Folder.Path}");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException(ExitCode.Unavailable, $"{run.Folder.Path} cannot be removed: {error.Message}", error);
            }
        }

        return (int)ExitCode.Passed;
    }

    internal static string NameOf(RunState state) => state.ToString().ToLowerInvariant();

    private static string Line(string run, string state, string verdict, string started, string lasted, string size, string configuration) =>
        $"{run,-10}{state,-13}{verdict,-14}{started,-22}{lasted,-12}{size,10}  {configuration}";

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
