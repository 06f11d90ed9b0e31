using System.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Run;

namespace Simulation.Host.CommandLine;

internal static class ValidateCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var options = new ConfigurationOptions();
        var command = new Command("validate", "Checks a configuration and prints the value of every key and where it came from.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            LoadedConfiguration loaded = options.Load(parsed, surroundings);
            surroundings.Output.Write(EffectiveConfiguration.Write(loaded, origins: true));
            foreach (Problem missing in NotBuiltYet.In(loaded))
            {
                surroundings.Error.WriteLine($"note: valid, but cannot be run so far: {missing}");
            }

            if (Overload.In(loaded.Config) is { } overload)
            {
                surroundings.Error.WriteLine($"note: valid, but the drain of a run will not end in time: {overload}");
            }

            return (int)ExitCode.Passed;
        });
        return command;
    }
}
