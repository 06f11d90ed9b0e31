using Simulation.Host.Configuration;
using Simulation.Host.Run;

namespace Simulation.Host.CommandLine;

/// <summary>What a command sees of the process that it runs in. Tests give their own.</summary>
internal sealed record Surroundings
{
    /// <summary>For data.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>The same as bytes.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>For progress and errors.</summary>
    public required TextWriter Error { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Someone watches <see cref="Error"/> on a terminal that can move its cursor.</summary>
    public bool IsTerminal { get; init; }

    public required IRunComposition Composition { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>https://no-color.org: any value but an empty one.</summary>
    public bool WantsNoColour => Environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 };

    public static Surroundings OfThisProcess(IRunComposition composition)
    {
        IReadOnlyDictionary<string, string> environment = ConfigurationLoader.ProcessEnvironment();
        return new Surroundings
        {
            Output = Console.Out,
            Error = Console.Error,
            Environment = environment,
            IsTerminal = !Console.IsErrorRedirected && environment.GetValueOrDefault("TERM") != "dumb",
            Composition = composition,
        };
    }
}
