using System.CommandLine;
using System.Globalization;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.Host.CommandLine;

/// <summary>Who would get what: balance and movement of every strategy, for this configuration's partitions and weights.</summary>
internal static class AssignCommand
{
    /// <summary>Weights follow from the seed; without one, the first.</summary>
    private const ulong DefaultSeed = 1;

    public static Command Create(Surroundings surroundings)
    {
        var options = new ConfigurationOptions();
        var command = new Command("assign", "Shows how each strategy would deal the partitions to the workers, and what moves when one comes or goes.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            SimulationConfig config = options.Load(parsed, surroundings).Config;
            ulong seed = config.Simulation.Seed ?? DefaultSeed;
            PartitionLayout layout = config.ToLayout(PartitionWeights.Create(config.ToWorkload().Partitions, seed));
            AssignmentReport[] reports = [.. AssignmentStrategies.Names.Select(name =>
                AssignmentReport.Create(AssignmentStrategies.Create(name, config.ToStrategy()), layout.UnitWeights, config.Workers.Count))];
            Write(surroundings.Output, config, layout, seed, reports);
        });
        return command;
    }

    private static void Write(TextWriter output, SimulationConfig config, PartitionLayout layout, ulong seed, AssignmentReport[] reports)
    {
        AssignmentReport configured = reports.Single(report => report.Strategy == config.Workers.AssignmentStrategy.ToString());
        string unit = layout.UnitSize > 1 ? $"groups of {layout.UnitSize}" : "units of one";
        output.WriteLine(Invariant($"{layout.PartitionCount} partitions in {layout.Units.Length} {unit}, {config.Workers.Count} workers, seed {seed}"));
        output.WriteLine();
        output.WriteLine($"  {"strategy",-24}{"fewest",8}{"most",8}{"heaviest/average",18}{"moved by a joiner",20}{"moved by a leaver",20}");
        foreach (AssignmentReport report in reports)
        {
            string mark = report == configured ? "*" : " ";
            output.WriteLine(Invariant(
                $"{mark} {report.Strategy,-24}{report.Workers.Min(worker => worker.Units),8}{report.Workers.Max(worker => worker.Units),8}{report.Balance,18:0.00}{Moved(report.Join),20}{Moved(report.Leave),20}"));
        }

        output.WriteLine();
        output.WriteLine($"* {configured.Strategy}");
        output.WriteLine($"  {"worker",-24}{"units",8}{"load",12}");
        foreach (WorkerShare worker in configured.Workers)
        {
            output.WriteLine(Invariant($"  {worker.Worker,-24}{worker.Units,8}{worker.Load,12:0}"));
        }
    }

    private static string Moved(AssignmentMovement? movement) =>
        movement is null ? "-" : Invariant($"{movement.Moved} ({movement.Fraction:P1})");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
