namespace Simulation.Model;

/// <summary>What kind of server a model is.</summary>
public sealed record ModelServerOptions
{
    public static readonly Version Version29 = new(2, 9, 10);
    public static readonly Version Version210 = new(2, 10, 27);
    public static readonly Version Version215 = new(2, 15, 1);

    public string Name { get; init; } = "model";

    /// <summary>Which server it behaves like, where they differ. Default: 2.15.1.</summary>
    public Version Version { get; init; } = Version215;

    /// <summary>
    /// How often files are written through to the disk: a power loss forgets what was stored since. Zero: every message is, before it is
    /// acknowledged. Default: two minutes, as real servers do.
    /// </summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long after a delivery or acknowledgement the consumer's state reaches its file. What was confirmed within that time before a
    /// crash is delivered again. Default: 250 ms.
    /// </summary>
    public TimeSpan ConsumerFlushDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Largest message, in bytes. Default: 1 MiB.</summary>
    public int MaxPayload { get; init; } = 1 << 20;
}
