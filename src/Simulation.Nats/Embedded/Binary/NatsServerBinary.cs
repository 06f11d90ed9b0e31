namespace Simulation.Nats.Embedded;

/// <summary>A nats-server executable that was asked for its version and answered.</summary>
public sealed record NatsServerBinary(string Path, Version Version, NatsServerOrigin Origin)
{
    /// <summary>Runs <c>nats-server --version</c>.</summary>
    /// <exception cref="NatsServerNotFoundException">The file cannot be run, or is something else.</exception>
    internal static async Task<NatsServerBinary> ProbeAsync(string path, NatsServerOrigin origin, CancellationToken cancellation)
    {
        ToolResult result;
        try
        {
            result = await Tool.RunAsync(path, ["--version"], cancellation: cancellation);
        }
        catch (ToolException error)
        {
            throw new NatsServerNotFoundException($"{path} cannot be run: {error.Message}", "Name a nats-server executable for this machine.");
        }

        // For example "nats-server: v2.10.27" or "nats-server: v2.11.0-RC.1".
        string text = result.Output.Trim();
        int start = text.IndexOf(": v", StringComparison.Ordinal);
        if (result.ExitCode == 0 && start >= 0 && Version.TryParse(text[(start + 3)..].Split('-', '+', '\n')[0], out Version? version))
        {
            return new NatsServerBinary(path, version, origin);
        }

        throw new NatsServerNotFoundException($"{path} is not a nats-server: it answered --version with '{text}'.", "Name a nats-server executable.");
    }
}

/// <summary>Where a binary was found.</summary>
public enum NatsServerOrigin
{
    /// <summary>Named by the user.</summary>
    Explicit,

    /// <summary>On the PATH.</summary>
    Path,

    /// <summary>Fetched by an earlier run.</summary>
    Cache,

    /// <summary>Fetched just now.</summary>
    Fetched,
}
