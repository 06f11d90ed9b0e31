using System.CommandLine;
using Simulation.Host.Configuration;

namespace Simulation.Host.CommandLine;

/// <summary>For us: writes docs/configuration.md.</summary>
internal static class ReferenceCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("reference", "Prints docs/configuration.md.") { Hidden = true };
        command.SetAction(_ => surroundings.Output.Write(ConfigurationReference.Write()));
        return command;
    }
}
