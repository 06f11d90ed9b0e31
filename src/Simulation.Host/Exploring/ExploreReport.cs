using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Simulation.Host.CommandLine;
using Simulation.Kernel;

namespace Simulation.Host.Exploring;

/// <summary>What people and programs are told of an exploration: progress, each seed that went wrong, and what was covered.</summary>
/// <param name="progress">For people who wait.</param>
/// <param name="isTerminal">Progress is one line that changes, instead of one every ten seconds.</param>
/// <param name="options">What is explored.</param>
/// <param name="replay">The command that runs a seed again.</param>
internal sealed class ExploreReport(TextWriter progress, bool isTerminal, ExploreOptions options, Func<ulong, string> replay)
{
    private const string ReportFile = "explore.json";
    private const string ClearLine = "\r\u001b[K";
    private const int MostPrinted = 20;

    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock _lock = new();

    /// <summary>A seed has ended; what went wrong is told at once.</summary>
    public void Show(SeedResult result)
    {
        if (result.Outcome != SeedOutcome.Passed)
        {
            lock (_lock)
            {
                progress.WriteLine($"{(isTerminal ? ClearLine : "")}{Line(result)}");
            }
        }
    }

    /// <summary>Tells how far it is, until it is disposed.</summary>
    public IDisposable EverySecond(Explorer explorer)
    {
        TimeSpan pause = isTerminal ? Often : Seldom;
        return new Timer(_ => ShowProgress(explorer), null, pause, pause);
    }

    /// <summary>Before anything is explored: what was found must not be lost for want of a place.</summary>
    /// <exception cref="UserErrorException">It cannot be made or written to.</exception>
    public static string MakeFolder(string output, DateTimeOffset now)
    {
        string folder = Path.GetFullPath(Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-explore")));
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, ReportFile), "{}");
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, error);
        }
    }

    public void Write(string folder, Explorer explorer, ImmutableArray<string> differences)
    {
        try
        {
            foreach (SeedResult result in explorer.Totals.Troubled)
            {
                File.WriteAllText(Path.Combine(folder, FileOf(result.Seed)), result.Case.ToYaml());
            }

            File.WriteAllText(Path.Combine(folder, ReportFile), ToJson(explorer, differences).ToJsonString(Indented));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, error);
        }
    }

    public void Print(TextWriter output, Explorer explorer, ImmutableArray<string> differences, bool checkedDeterminism, string folder)
    {
        ExploreTotals totals = explorer.Totals;
        output.WriteLine(Invariant(
            $"{totals.Seeds} seeds, {Duration.Format(Seconds(totals.Simulated))} simulated in {explorer.Took.TotalSeconds:0.0} s: {Rates(explorer)}"));
        output.WriteLine(string.Join(", ", Enum.GetValues<SeedOutcome>().Where(outcome => outcome == SeedOutcome.Passed || totals.Count(outcome) > 0)
            .Select(outcome => Invariant($"{totals.Count(outcome)} {outcome.ToString().ToLowerInvariant()}"))));
        if (checkedDeterminism)
        {
            output.WriteLine(differences.IsEmpty ? "Every seed had the same trace in a fresh process." : $"{differences.Length} seeds had another trace in a fresh process:");
            WriteLines(output, differences);
        }

        PrintCoverage(output, totals.Coverage);
        if (totals.Troubled.Count > 0)
        {
            output.WriteLine();
            WriteLines(output, [.. totals.Troubled.Take(MostPrinted).Select(result => $"{Line(result)}\n    {replay(result.Seed)}")]);
            output.WriteLine(totals.Troubled.Count > MostPrinted ? Invariant($"and {totals.Troubled.Count - MostPrinted} more, in the report") : "");
            output.WriteLine("Make one smaller: the same command with shrink in place of replay.");
        }

        output.WriteLine($"Report: {folder}");
    }

    private static void PrintCoverage(TextWriter output, Coverage coverage)
    {
        foreach (string group in coverage.Groups)
        {
            output.WriteLine();
            output.WriteLine($"{char.ToUpperInvariant(group[0])}{group[1..],-39}{"times",12}{"seeds",10}");
            foreach ((_, string name, Tally tally) in coverage.Entries.Where(entry => entry.Group == group))
            {
                output.WriteLine(Invariant($"  {name,-38}{tally.Times,12}{tally.Seeds,10}"));
            }
        }
    }

    private static void WriteLines(TextWriter output, ImmutableArray<string> lines)
    {
        foreach (string line in lines)
        {
            output.WriteLine(line);
        }
    }

    private static string Line(SeedResult result) => Invariant(
        $"seed {result.Seed}: {result.Outcome.ToString().ToLowerInvariant()}{(result.At is { } at ? $" at {Duration.Format(Seconds(at))}" : "")}, {result.Case.FaultsInWords}: {result.Why}");

    private void ShowProgress(Explorer explorer)
    {
        ExploreTotals totals = explorer.Totals;
        string line = Invariant($"{totals.Seeds} of {options.Seeds.Count} seeds, {totals.Troubled.Count} went wrong; {Rates(explorer)}");
        lock (_lock)
        {
            progress.Write(isTerminal ? $"{ClearLine}{line}" : $"{line}\n");
        }
    }

    private static string Rates(Explorer explorer)
    {
        double seconds = Math.Max(explorer.Took.TotalSeconds, 0.001);
        return Invariant($"{explorer.Totals.Seeds / seconds:0.0} seeds a second, {explorer.Totals.Simulated.TotalSeconds / seconds:0} s simulated a second");
    }

    private JsonObject ToJson(Explorer explorer, ImmutableArray<string> differences) => new()
    {
        ["schema"] = 1,
        ["seeds"] = options.Seeds.ToString(),
        ["seeds_run"] = explorer.Totals.Seeds,
        ["seconds"] = explorer.Took.TotalSeconds,
        ["simulated_seconds"] = explorer.Totals.Simulated.TotalSeconds,
        ["steps"] = explorer.Totals.Steps,
        ["outcomes"] = new JsonObject(Enum.GetValues<SeedOutcome>()
            .Select(outcome => KeyValuePair.Create<string, JsonNode?>(outcome.ToString().ToLowerInvariant(), explorer.Totals.Count(outcome)))),
        ["differences"] = new JsonArray([.. differences.Select(difference => JsonValue.Create(difference))]),
        ["troubled"] = new JsonArray([.. explorer.Totals.Troubled.Select(ToJson)]),
        ["coverage"] = new JsonArray([.. explorer.Totals.Coverage.Entries.Select(entry => new JsonObject
        {
            ["group"] = entry.Group,
            ["name"] = entry.Name,
            ["times"] = entry.Tally.Times,
            ["seeds"] = entry.Tally.Seeds,
        })]),
    };

    private JsonObject ToJson(SeedResult result) => new()
    {
        ["seed"] = result.Seed,
        ["outcome"] = result.Outcome.ToString().ToLowerInvariant(),
        ["classes"] = new JsonArray([.. result.Classes.Select(name => JsonValue.Create(name))]),
        ["why"] = result.Why,
        ["at_seconds"] = result.At?.TotalSeconds,
        ["faults"] = result.Case.Faults.Length,
        ["trace"] = result.TraceHash.ToString("x16", CultureInfo.InvariantCulture),
        ["schedule"] = FileOf(result.Seed),
        ["replay"] = replay(result.Seed),
    };

    private static UserErrorException Unwritable(string folder, Exception error) =>
        new(ExitCode.Unavailable, $"the report cannot be written to {folder}: {error.Message}; choose another place with --output DIR", error);

    private static string FileOf(ulong seed) => string.Create(CultureInfo.InvariantCulture, $"seed-{seed}.yaml");

    private static TimeSpan Seconds(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
