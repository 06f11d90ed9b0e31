using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Simulation.Host.Configuration;
using Simulation.Host.Exploring;
using Simulation.Host.Run;
using Simulation.Kernel;

namespace Simulation.Host.CommandLine;

/// <summary><c>simulation explore</c>: many seeds in the virtual world.</summary>
internal sealed class ExploreCommand(Surroundings surroundings)
{
    private readonly ConfigurationOptions _configuration = new(withSeed: false);
    private readonly Option<string> _seeds = new("--seeds") { Description = "Which seeds: 1..1000, or one.", HelpName = "A..B", DefaultValueFactory = _ => "1..100" };
    private readonly Option<int> _parallel = new("--parallel") { Description = "Seeds at a time.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<string?> _until = new("--until") { Description = "End at the first violation, or begin no new seed after this real time, for example 10m.", HelpName = "violation|TIME" };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Where a folder with the report and the schedules that went wrong is made.", HelpName = "DIR", DefaultValueFactory = _ => "./runs" };
    private readonly Option<bool> _checkDeterminism = new("--check-determinism") { Description = "Run each seed again in a fresh process and compare the traces." };
    private readonly Option<bool> _hashes = new(DeterminismCheck.HashesOption) { Hidden = true };
    private readonly PlantOption _plant = new();

    public Command Create()
    {
        var command = new Command("explore", "Runs many seeds in the virtual world, each with faults of its own, and tells which of them go wrong.");
        _configuration.AddTo(command);
        foreach (Option option in new Option[] { _seeds, _parallel, _until, _output, _checkDeterminism, _hashes, _plant.Option })
        {
            command.Options.Add(option);
        }

        _seeds.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !SeedRange.TryParse(text, out _))
            {
                result.AddError($"--seeds: '{text}' is no range of seeds such as 1..1000, with the lower end first.");
            }
        });
        _parallel.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, CultureInfo.InvariantCulture, out int many) && many > 0))
            {
                result.AddError($"--parallel: '{text}' is not a whole number above 0.");
            }
        });
        _until.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text != "violation" && !Duration.TryParse(text, out _))
            {
                result.AddError($"--until: '{text}' is neither 'violation' nor a duration such as 10m.");
            }
        });
        command.SetAction(async (parsed, _) => (int)await ExploreAsync(parsed));
        return command;
    }

    private async Task<ExitCode> ExploreAsync(ParseResult parsed)
    {
        LoadedConfiguration loaded = _configuration.LoadVirtual(parsed, surroundings, seedsDrawFaults: true);
        ExploreOptions options = OptionsOf(parsed, loaded.Config);
        var explorer = new Explorer(options);
        if (parsed.GetValue(_hashes))
        {
            explorer.Ended += result => surroundings.Output.WriteLine(DeterminismCheck.Line(result));
            await explorer.RunAsync();
            return ExitCode.Passed;
        }

        if (Overload.In(loaded.Config) is { } overload)
        {
            surroundings.Error.WriteLine($"note: seeds will be stuck without any fault: {overload}");
        }

        var report = new ExploreReport(surroundings.Error, surroundings.IsTerminal, options, seed => Replay(parsed, seed));
        string folder = ExploreReport.MakeFolder(parsed.GetRequiredValue(_output), surroundings.Time.GetUtcNow());
        var results = new List<SeedResult>();
        bool checkDeterminism = parsed.GetValue(_checkDeterminism);
        explorer.Ended += report.Show;
        explorer.Ended += result => results.AddRange(checkDeterminism ? [result] : []);
        using var shutdown = new Shutdown(line => surroundings.Error.WriteLine(line), "Seeds that are under way are finished, no new ones begin. Once more to stop at once.");
        await using (shutdown.Drain.Register(explorer.Stop))
        using (report.EverySecond(explorer))
        {
            await explorer.RunAsync().WaitAsync(shutdown.Stop);
        }

        ImmutableArray<string> differences = checkDeterminism ? await CompareAsync(parsed, results, shutdown) : [];
        report.Print(surroundings.Output, explorer, differences, checkDeterminism, folder);
        report.Write(folder, explorer, differences);
        return ExitCodeOf(explorer.Totals, differences);
    }

    private ExploreOptions OptionsOf(ParseResult parsed, SimulationConfig config)
    {
        _ = SeedRange.TryParse(parsed.GetRequiredValue(_seeds), out SeedRange seeds);
        string? until = parsed.GetValue(_until);
        return new ExploreOptions
        {
            Config = config,
            Seeds = seeds,
            Parallel = parsed.GetValue(_parallel),
            UntilViolation = until == "violation",
            AtMost = Duration.TryParse(until ?? "", out TimeSpan most) ? most : TimeSpan.MaxValue,
            Planted = _plant.Of(parsed),
        };
    }

    private async Task<ImmutableArray<string>> CompareAsync(ParseResult parsed, List<SeedResult> results, Shutdown shutdown)
    {
        var check = new DeterminismCheck([.. _configuration.Arguments(parsed), .. _plant.Arguments(parsed)]);
        var differences = new List<string>();
        await Parallel.ForEachAsync(
            results, new ParallelOptions { MaxDegreeOfParallelism = parsed.GetValue(_parallel), CancellationToken = shutdown.Drain }, async (result, cancellation) =>
            {
                if (await check.CompareAsync(result, cancellation) is { } difference)
                {
                    lock (differences)
                    {
                        differences.Add(difference);
                    }
                }
            });
        return [.. differences.Order(StringComparer.Ordinal)];
    }

    private string Replay(ParseResult parsed, ulong seed)
    {
        var line = new StringBuilder("simulation replay");
        foreach (string argument in _configuration.Arguments(parsed).Concat(_plant.Arguments(parsed)))
        {
            line.Append(' ').Append(CommandLines.Quote(argument));
        }

        return line.Append(CultureInfo.InvariantCulture, $" --seed {seed}").ToString();
    }

    private static ExitCode ExitCodeOf(ExploreTotals totals, ImmutableArray<string> differences) => ExitCodes.Combine(
    [
        ExitCode.Passed,
        .. totals.Troubled.Select(result => result.Outcome switch
        {
            SeedOutcome.Inconclusive => ExitCode.Inconclusive,
            SeedOutcome.Failed => ExitCode.Internal,
            _ => ExitCode.Violated,
        }),
        .. differences.Select(_ => ExitCode.Internal),
    ]);
}
