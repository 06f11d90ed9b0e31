using System.CommandLine;
using Simulation.Host.Thresholds;

namespace Simulation.Host.CommandLine;

/// <summary>What a run can be held to.</summary>
internal static class ThresholdsCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("thresholds", "Lists every metric that a threshold can be set on, and how its bound is written.");
        command.SetAction(_ =>
        {
            foreach (ThresholdMetric metric in MetricCatalogue.All)
            {
                surroundings.Output.WriteLine($"{metric.Name,-36} {metric.Unit.Expected,-32} {metric.Doc}");
            }

            return (int)ExitCode.Passed;
        });
        return command;
    }
}
