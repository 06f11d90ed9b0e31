using System.CommandLine;

namespace Simulation.Host.CommandLine;

internal static class VersionCommand
{
    public static Command Create(Surroundings surroundings, Examples examples)
    {
        var command = new Command("version", "Prints the versions of simulation, .NET and the nats-server that would be used.");
        command.SetAction(_ =>
        {
            Versions versions = Versions.OfThisProcess();
            surroundings.Output.WriteLine($"simulation {versions.Simulation}{(versions.Commit is { } commit ? $" ({commit})" : "")}");
            surroundings.Output.WriteLine($".NET {versions.Dotnet} on {versions.OperatingSystem}");
            surroundings.Output.WriteLine($"nats-server {FindNatsServer(surroundings)}");
        });
        return examples.For(command, "simulation version");
    }

    private static string FindNatsServer(Surroundings surroundings) => "not looked for";
}
