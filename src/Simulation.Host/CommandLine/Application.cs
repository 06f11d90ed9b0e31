using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Simulation.Host.Configuration;
using Simulation.JetStream;
using Simulation.Nats.Embedded;

namespace Simulation.Host.CommandLine;

/// <summary>The program: its commands, and what becomes of whatever goes wrong in them.</summary>
internal sealed class Application
{
    private readonly Surroundings _surroundings;
    private readonly RootCommand _root;

    /// <summary>On every command: also the trace of an internal error is shown.</summary>
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Also show details, and the trace of an internal error.", Recursive = true };

    public Application(Surroundings around)
    {
        Surroundings surroundings = _surroundings = Guarded(around);
        Surroundings verdicts = surroundings with { Output = ForVerdicts(around.Output, surroundings.Error) };
        var examples = new Examples();
        var run = new RunCommand(verdicts, _verbose);
        _root = new RootCommand("Runs a partitioned message pipeline on NATS JetStream and tells whether any message was lost, duplicated, reordered or corrupted.")
        {
            examples.For(run.Create(), "simulation run --config configs/dev.yaml --duration 1m", "simulation run --config configs/dev.yaml --set workers.count=20 --seed 7", "simulation run --config configs/dev.yaml --resume"),
            examples.For(new ExploreCommand(verdicts).Create(), "simulation explore --config configs/dev.yaml --seeds 1..1000 --duration 10m", "simulation explore --config configs/dev.yaml --seeds 1..100000 --until violation"),
            examples.For(new ReplayCommand(verdicts).Create(), "simulation replay --config configs/dev.yaml --duration 10m --seed 417", "simulation replay --config shrunk-417.yaml --trace trace.txt"),
            examples.For(new ShrinkCommand(verdicts).Create(), "simulation shrink --config configs/dev.yaml --duration 10m --seed 417"),
            examples.For(ValidateCommand.Create(surroundings), "simulation validate --config configs/realistic.yaml"),
            examples.For(AssignCommand.Create(surroundings), "simulation assign --config configs/realistic.yaml"),
            examples.For(CheckCommand.Create(verdicts), "simulation check runs/20261121T101530Z-4f2a9c1e"),
            examples.For(ReportCommand.Create(verdicts), "simulation report runs/20261121T101530Z-4f2a9c1e"),
            examples.For(CompareCommand.Create(verdicts), "simulation compare runs/20261121T101530Z-4f2a9c1e runs/20261122T101530Z-77cf01b5", "simulation compare --tolerance 5% BEFORE AFTER"),
            examples.For(ThresholdsCommand.Create(surroundings), "simulation thresholds"),
            new RunsCommand(surroundings).Create(examples),
            ChaosCommand.Create(surroundings, examples),
            HistoryCommand.Create(surroundings, examples),
            VersionCommand.Create(surroundings, examples),
            CompletionCommand.Create(surroundings, examples),
            ReferenceCommand.Create(surroundings),
        };
        _root.Options.Add(_verbose);
        run.AddTo(_root);
        examples.For(_root, "simulation --config configs/dev.yaml", "simulation validate --config configs/dev.yaml", "simulation completion bash > ~/.local/share/bash-completion/completions/simulation");
        examples.AppendToHelp(_root.Options.OfType<HelpOption>().Single());
    }

    public async Task<ExitCode> RunAsync(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            await _root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = _surroundings.Error });
            return ExitCode.Usage;
        }

        ParseResult parsed = _root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return UsageError(parsed);
        }

        var invocation = new InvocationConfiguration
        {
            Output = _surroundings.Output,
            Error = _surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // A run drains at a signal: see Run.Shutdown.
        };
        try
        {
            return (ExitCode)await parsed.InvokeAsync(invocation);
        }
        catch (ConfigurationException error)
        {
            return ConfigurationError(error);
        }
        catch (UserErrorException error)
        {
            await Print(error.Message);
            return error.ExitCode;
        }
        catch (Exception error) when (error is NatsServerNotFoundException or NatsServerStartException or JetStreamUnavailableException)
        {
            await Print(error.Message);
            return ExitCode.Unavailable;
        }
        catch (Exception error)
        {
            return await InternalErrorAsync(error, parsed.GetValue(_verbose));
        }
    }

    /// <summary>Nothing ends because nobody can be told of it; only data that went nowhere is an error.</summary>
    private static Surroundings Guarded(Surroundings around) => around with
    {
        Error = new GuardedWriter(around.Error, _ => { }),
        Output = new GuardedWriter(around.Output, error => throw new UserErrorException(ExitCode.Unavailable, Unwritable(error), error)),
    };

    /// <summary>Where a verdict is what counts, it is in files and in the exit code too: that it cannot be printed is told once.</summary>
    private static GuardedWriter ForVerdicts(TextWriter output, TextWriter told)
    {
        int failures = 0;
        return new GuardedWriter(output, error =>
        {
            if (Interlocked.Increment(ref failures) == 1)
            {
                told.WriteLine($"simulation: {Unwritable(error)}");
            }
        });
    }

    private static string Unwritable(IOException error) => $"standard output cannot be written to: {error.Message}";

    private ExitCode UsageError(ParseResult parsed)
    {
        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
        {
            _surroundings.Error.WriteLine($"simulation: {Masking.Urls(message)}");
        }

        _surroundings.Error.WriteLine($"Try '{NameOf(parsed.CommandResult)} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>With the commands that it belongs to.</summary>
    private static string NameOf(CommandResult command) => command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "simulation";

    private ExitCode ConfigurationError(ConfigurationException error)
    {
        foreach (Problem problem in error.Problems)
        {
            _surroundings.Error.WriteLine(Masking.Urls(problem.ToString()));
        }

        _surroundings.Error.WriteLine(error.Problems.Length == 1 ? "1 problem in the configuration." : $"{error.Problems.Length} problems in the configuration.");
        return ExitCode.Configuration;
    }

    private async Task<ExitCode> InternalErrorAsync(Exception error, bool verbose)
    {
        await Print(verbose ? error.ToString() : $"internal error: {error.Message} ({error.GetType().Name}); --verbose shows the trace");
        return ExitCode.Internal;
    }

    private Task Print(string message) => _surroundings.Error.WriteLineAsync($"simulation: {Masking.Urls(message)}");
}
