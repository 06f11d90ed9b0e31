using System.CommandLine;
using Simulation.Host.Configuration;

namespace Simulation.Host.CommandLine;

/// <summary>For us: writes docs/configuration.md, docs/faults.md and docs/thresholds.md.</summary>
internal static class ReferenceCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("reference", "Prints docs/configuration.md.") { Hidden = true };
        command.SetAction(_ => surroundings.Output.Write(ConfigurationReference.Write()));
        var faults = new Command("faults", "Prints docs/faults.md.");
        faults.SetAction(_ => surroundings.Output.Write(FaultReference.Write()));
        command.Subcommands.Add(faults);
        var thresholds = new Command("thresholds", "Prints docs/thresholds.md.");
        thresholds.SetAction(_ => surroundings.Output.Write(ThresholdReference.Write()));
        command.Subcommands.Add(thresholds);
        return command;
    }
}
