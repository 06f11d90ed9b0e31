namespace Simulation.Nats.Embedded;

public enum NatsServerStartProblem
{
    /// <summary>Another process listens on the port.</summary>
    PortInUse,

    /// <summary>The folder for configuration, log and store cannot be made or written.</summary>
    FolderNotWritable,

    OutOfDisk,

    /// <summary>The server ended before it could be used.</summary>
    Died,

    /// <summary>The server runs, but JetStream did not become usable in time.</summary>
    NotReady,

    /// <summary>This server version or operating system cannot do what was asked.</summary>
    Unsupported,
}

/// <summary>A private nats-server could not be started. The message quotes the server's own last words where there are any.</summary>
public sealed class NatsServerStartException(NatsServerStartProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    public NatsServerStartProblem Problem { get; } = problem;
}
