namespace Simulation.Nats.Embedded;

/// <summary>Somewhere a nats-server binary can be fetched from.</summary>
public interface INatsServerSource
{
    /// <summary>For messages to people, for example <c>the Debian archive</c>.</summary>
    string Name { get; }

    /// <summary>Fetches into <paramref name="folder"/> (empty, private to this call) and returns the path of the executable.</summary>
    /// <exception cref="NatsServerFetchException">It is not to be had here; the message says why.</exception>
    Task<string> FetchAsync(RequestedVersion version, string folder, IProgress<string> progress, CancellationToken cancellation);
}

/// <summary>One source could not deliver; another may.</summary>
public sealed class NatsServerFetchException(string message, Exception? inner = null) : Exception(message, inner);
