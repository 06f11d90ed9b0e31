using System.Reflection;
using System.Runtime.InteropServices;

namespace Simulation.Host.CommandLine;

/// <param name="Commit">What it was built from, when the build knew.</param>
internal sealed record Versions(string Simulation, string? Commit, string Dotnet, string OperatingSystem)
{
    public static Versions OfThisProcess()
    {
        string informational = typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        string[] parts = informational.Split('+', 2); // The SDK appends the commit behind a plus.
        return new Versions(
            parts[0],
            parts.Length > 1 ? parts[1][..Math.Min(parts[1].Length, 12)] : null,
            Environment.Version.ToString(),
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})");
    }
}
