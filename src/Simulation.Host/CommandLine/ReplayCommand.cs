using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Exploring;
using Simulation.Host.View;
using Simulation.Kernel;

namespace Simulation.Host.CommandLine;

/// <summary><c>simulation replay</c>: one seed again, bit for bit, and who sent what to whom when.</summary>
internal sealed class ReplayCommand(Surroundings surroundings)
{
    private readonly SeedSource _source = new(surroundings);
    private readonly Option<string?> _until = new("--until") { Description = "Stop at this time after the world's beginning, for example 4m12s.", HelpName = "TIME" };
    private readonly Option<string?> _trace = new("--trace") { Description = "Write everything that happens to this file, a line each.", HelpName = "FILE" };

    public Command Create()
    {
        var command = new Command("replay", "Runs one seed of explore again, bit for bit, and shows what happened around what went wrong.");
        _source.AddTo(command);
        command.Options.Add(_until);
        command.Options.Add(_trace);
        _until.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !Duration.TryParse(text, out _))
            {
                result.AddError($"--until: '{text}' is not a duration such as 4m12s.");
            }
        });
        command.SetAction(parsed => (int)Replay(parsed));
        return command;
    }

    private ExitCode Replay(ParseResult parsed)
    {
        SeedCase seedCase = _source.Read(parsed);
        TimeSpan? until = Duration.TryParse(parsed.GetValue(_until) ?? "", out TimeSpan time) ? time : null;

        // The first time only tells where to look: the second time is the same.
        SeedResult result = SeedRunner.Run(seedCase, until: until);
        SeedResult again = Trace(seedCase, until, result, parsed.GetValue(_trace), out IEnumerable<string> lines);
        if (again.TraceHash != result.TraceHash)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"seed {seedCase.Seed} was not the same twice: trace {result.TraceHash:x16}, then {again.TraceHash:x16}"));
        }

        Print(result, lines, wasCut: until is not null && result.Verdict is null);
        return result.Outcome switch
        {
            _ when until is not null && result.Verdict is null => ExitCode.Passed,
            SeedOutcome.Passed => ExitCode.Passed,
            SeedOutcome.Inconclusive => ExitCode.Inconclusive,
            SeedOutcome.Failed => ExitCode.Internal,
            _ => ExitCode.Violated,
        };
    }

    private static SeedResult Trace(SeedCase seedCase, TimeSpan? until, SeedResult result, string? file, out IEnumerable<string> lines)
    {
        try
        {
            using StreamWriter? writer = file is null ? null : new StreamWriter(file);
            ImmutableArray<string> names = [.. result.Evidence.Take(1).SelectMany(one => one.Records).Select(record => record.Participant).Distinct()];
            var window = new TraceWindow(result.At, names, writer);
            SeedResult again = SeedRunner.Run(seedCase, window, until);
            lines = window.Lines;
            return again;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"the trace cannot be written: {error.Message}; choose another --trace FILE", error);
        }
    }

    private void Print(SeedResult result, IEnumerable<string> lines, bool wasCut)
    {
        TextWriter output = surroundings.Output;
        if (!wasCut && result.Outcome != SeedOutcome.Passed)
        {
            output.WriteLine($"Around what went wrong first{(result.At is { } at ? $", at {Duration.Format(at)}" : "")}:");
        }

        if (wasCut || result.Outcome != SeedOutcome.Passed)
        {
            foreach (string line in lines)
            {
                output.WriteLine(line);
            }

            output.WriteLine();
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Seed {result.Seed}, {Duration.Format(result.Simulated)} simulated, {result.Steps} steps, trace {result.TraceHash:x16}"));
        output.WriteLine($"{result.Case.FaultsInWords}{(result.Case.Faults.IsEmpty ? "" : ":")}");
        foreach (ScheduledFault fault in result.Case.Faults)
        {
            output.WriteLine($"  {fault.ToYaml()}");
        }

        if (result.Verdict is { } verdict)
        {
            Summary.Write(output, verdict);
        }
        else if (!wasCut)
        {
            output.WriteLine($"{result.Outcome}: {result.Why}");
        }
    }
}
