using Simulation.Host.Configuration.Schema;
using Simulation.Host.Configuration.Values;
using Simulation.JetStream;

namespace Simulation.Host.Configuration;

public sealed record NatsSection
{
    [Key("Start a private nats-server for the run, or use the one at `nats.url`.")]
    public NatsMode Mode { get; init; } = NatsMode.Embedded;

    [Key("Where the server is (mode external); several with commas between.")]
    public string Url { get; init; } = "nats://localhost:4222";

    [Key("Names of the stream, consumers, buckets and subjects begin with it.")]
    public string Prefix { get; init; } = "simulation";

    [Key("Leave stream, consumers and buckets behind at the end (mode external).")]
    public bool Keep { get; init; }

    [Key("The nats-server binary (mode embedded).", LeftOut = "looked for on PATH, then in the cache, then fetched")]
    public string? ServerPath { get; init; }

    [Key("The nats-server version wanted (mode embedded), for example 2.10.27.", LeftOut = "whatever is found")]
    public string? Version { get; init; }

    [Key("User name.", LeftOut = "none")]
    public string? User { get; init; }

    [Key("Password of `nats.user`.", Secret = true, LeftOut = "none")]
    public string? Password { get; init; }

    [Key("Authentication token.", Secret = true, LeftOut = "none")]
    public string? Token { get; init; }

    [Key("NKey seed (`SU…`).", Secret = true, LeftOut = "none")]
    public string? NkeySeed { get; init; }

    [Key("A .creds file.", LeftOut = "none")]
    public string? Creds { get; init; }

    public TlsSection Tls { get; init; } = new();

    public JetStreamSection Jetstream { get; init; } = new();

    public ClusterSection Cluster { get; init; } = new();
}

public sealed record TlsSection
{
    [Key("Use TLS (mode external). A `tls://` URL does as well.")]
    public bool Enabled { get; init; }

    [Key("Certificate authority to trust, a PEM file.", LeftOut = "the system's")]
    public string? Ca { get; init; }

    [Key("Client certificate, a PEM file.", LeftOut = "none")]
    public string? Cert { get; init; }

    [Key("Key of the client certificate, a PEM file.", LeftOut = "none")]
    public string? Key { get; init; }

    [Key("Do not check the server's certificate. For tests only.")]
    public bool Insecure { get; init; }
}

public sealed record JetStreamSection
{
    [Key("Memory that JetStream may use (mode embedded).", Min = "1MB")]
    public ByteSize MaxMemory { get; init; } = ByteSize.Gigabytes(10);

    [Key("Disk that JetStream may use (mode embedded).", Min = "1MB")]
    public ByteSize MaxFileStorage { get; init; } = ByteSize.Gigabytes(50);

    [Key("Copies of each stream and bucket.", Min = "1", Max = "5")]
    public int Replicas { get; init; } = 1;

    [Key("How often the server syncs files to disk (mode embedded, server 2.10 and later); 0 for every write.",
        Min = "0s", LeftOut = "the server's own default")]
    public TimeSpan? SyncInterval { get; init; }

    [Key("Where the stream is kept.")]
    public StorageType Storage { get; init; } = StorageType.File;

    [Key("Room for the stream's messages.", Min = "1KB", LeftOut = "as much as JetStream has")]
    public ByteSize? MaxBytes { get; init; }

    [Key("What a full stream does: refuse what is new, or drop what is oldest, processed or not.")]
    public DiscardPolicy Discard { get; init; } = DiscardPolicy.New;

    [Key("How long the stream knows a message's identity and drops a repetition. Must cover the retries of an unknown publish.", Min = "1s")]
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);
}

public sealed record ClusterSection
{
    [Key("Embedded servers: 1, 3 or 5.", Min = "1", Max = "5")]
    public int Size { get; init; } = 1;
}

public enum NatsMode { Embedded, External }
