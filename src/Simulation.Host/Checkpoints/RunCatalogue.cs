using System.Collections.Immutable;
using System.Globalization;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Checkpoints;

/// <summary>The runs in a folder of runs.</summary>
internal sealed class RunCatalogue(string folder)
{
    /// <summary>For whoever expected some.</summary>
    public string WhyNone => $"no run is in {folder}; --output DIR says where else to look";

    /// <summary>The latest first.</summary>
    public ImmutableArray<KnownRun> Runs() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder).Select(path => KnownRun.In(Path.GetFullPath(path))).OfType<KnownRun>()
            .OrderByDescending(run => run.Manifest.StartedAt),
    ];

    /// <summary>The run that is meant: the one named, or else the latest that can go on.</summary>
    /// <param name="named">A run's folder, its name, or its id; null for none.</param>
    /// <param name="configurationFile">Only a run of this one will do; null for any.</param>
    /// <exception cref="UserErrorException">There is none, or it cannot go on; the message lists what there is.</exception>
    public KnownRun Resumable(string? named, string? configurationFile)
    {
        ImmutableArray<KnownRun> runs = Runs();
        KnownRun? chosen = named is null
            ? runs.FirstOrDefault(run => run.State == RunState.Resumable && (configurationFile is null || IsOf(run, configurationFile)))
            : KnownRun.In(Path.GetFullPath(named)) ?? runs.FirstOrDefault(run => run.Manifest.RunId == named || Path.GetFileName(run.Folder.Path) == named);
        return chosen switch
        {
            null => throw Nothing(named ?? configurationFile, runs),
            { State: RunState.Running } => throw new UserErrorException(ExitCode.Usage, $"run {chosen.Manifest.RunId} is running"),
            { State: RunState.Finished } => throw new UserErrorException(ExitCode.Usage,
                $"run {chosen.Manifest.RunId} is over, its verdict is {chosen.Verdict!.Value.ToString().ToLowerInvariant()}: there is nothing to resume"),
            { State: RunState.Interrupted } => throw new UserErrorException(ExitCode.Usage,
                $"run {chosen.Manifest.RunId} cannot be resumed: {KnownRun.WhyNotResumable(chosen.Manifest)}"),
            _ => chosen,
        };
    }

    private static bool IsOf(KnownRun run, string configurationFile) => run.Manifest.ConfigurationFile == Path.GetFullPath(configurationFile);

    private UserErrorException Nothing(string? wanted, ImmutableArray<KnownRun> runs)
    {
        string what = wanted is null ? "there is nothing to resume" : $"there is nothing to resume of {wanted}";
        IEnumerable<string> there = runs.IsEmpty
            ? [WhyNone]
            : runs.Select(run => string.Create(CultureInfo.InvariantCulture,
                $"  {run.Manifest.RunId}  {run.State.ToString().ToLowerInvariant(),-11}  {run.Manifest.StartedAt:yyyy-MM-dd HH:mm:ss}  {run.Manifest.ConfigurationFile ?? "no configuration file"}"))
                .Prepend($"in {folder} there is:");
        return new UserErrorException(ExitCode.Usage, string.Join(Environment.NewLine, there.Prepend(what)));
    }
}
