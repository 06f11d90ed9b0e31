using System.CommandLine;
using System.Globalization;
using Simulation.Chaos;
using Simulation.Host.Exploring;

namespace Simulation.Host.CommandLine;

/// <summary><c>simulation shrink</c>: the few faults that matter, as a configuration.</summary>
internal sealed class ShrinkCommand(Surroundings surroundings)
{
    private readonly SeedSource _source = new(surroundings);
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write. Default: shrunk-SEED.yaml.", HelpName = "FILE" };

    public Command Create()
    {
        var command = new Command("shrink", "Leaves faults out of a seed that went wrong until each that is left is needed, and writes what is left as a configuration.");
        _source.AddTo(command);
        command.Options.Add(_output);
        command.SetAction(parsed => (int)Shrink(parsed));
        return command;
    }

    private ExitCode Shrink(ParseResult parsed)
    {
        SeedCase seedCase = _source.Read(parsed);
        string file = parsed.GetValue(_output) ?? string.Create(CultureInfo.InvariantCulture, $"shrunk-{seedCase.Seed}.yaml");
        SeedResult found = SeedRunner.Run(seedCase);
        if (!found.IsViolation)
        {
            surroundings.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Seed {found.Seed}: {found.Outcome.ToString().ToLowerInvariant()}. There is nothing to shrink."));
            return found.Outcome == SeedOutcome.Passed ? ExitCode.Passed : ExitCode.Inconclusive;
        }

        surroundings.Error.WriteLine($"{found.Case.FaultsInWords}: {found.Why}");
        var shrinker = new Shrinker(smaller => SeedRunner.Run(smaller), surroundings.Error.WriteLine);
        SeedResult smallest = shrinker.Shrink(found);
        Write(file, smallest);
        Print(smallest, shrinker.Tried, file);
        return smallest.Outcome == SeedOutcome.Failed ? ExitCode.Internal : ExitCode.Violated;
    }

    private static void Write(string file, SeedResult smallest)
    {
        try
        {
            File.WriteAllText(file, smallest.Case.ToYaml());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"{file} cannot be written: {error.Message}; choose another with --output FILE", error);
        }
    }

    private void Print(SeedResult smallest, int tried, string file)
    {
        TextWriter output = surroundings.Output;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{smallest.Why}, with {smallest.Case.FaultsInWords} ({tried} schedules tried)"));
        foreach (ScheduledFault fault in smallest.Case.Faults)
        {
            output.WriteLine($"  {fault.ToYaml()}");
        }

        string quoted = CommandLines.Quote(file);
        output.WriteLine($"Written to {file}. See what happens:   simulation replay --config {quoted}");
        output.WriteLine($"The same in the real world:             simulation run --config {quoted} --world real");
    }
}
