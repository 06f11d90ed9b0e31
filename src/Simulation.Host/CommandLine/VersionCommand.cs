using System.CommandLine;
using Simulation.Nats.Embedded;

namespace Simulation.Host.CommandLine;

internal static class VersionCommand
{
    public static Command Create(Surroundings surroundings, Examples examples)
    {
        var command = new Command("version", "Prints the versions of simulation, .NET and the nats-server that would be used.");
        command.SetAction(async (_, cancellation) =>
        {
            Versions versions = Versions.OfThisProcess();
            surroundings.Output.WriteLine($"simulation {versions.Simulation}{(versions.Commit is { } commit ? $" ({commit})" : "")}");
            surroundings.Output.WriteLine($".NET {versions.Dotnet} on {versions.OperatingSystem}");
            surroundings.Output.WriteLine($"nats-server {await FindNatsServerAsync(cancellation)}");
        });
        return examples.For(command, "simulation version");
    }

    /// <summary>What a run without <c>nats.server_path</c> would find; nothing is fetched for this.</summary>
    private static async Task<string> FindNatsServerAsync(CancellationToken cancellation)
    {
        try
        {
            var locator = new NatsServerLocator(new NatsServerLocatorOptions { Sources = [] });
            NatsServerBinary found = await locator.LocateAsync(RequestedVersion.Any, cancellation: cancellation);
            return $"{found.Version} ({found.Path})";
        }
        catch (NatsServerNotFoundException)
        {
            return "not found; the first run fetches it";
        }
    }
}
