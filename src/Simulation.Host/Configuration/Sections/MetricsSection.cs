using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record MetricsSection
{
    public PrometheusSection Prometheus { get; init; } = new();

    public OtlpSection Otlp { get; init; } = new();

    [Key("Partitions with series of their own, the heaviest first; the others are one series, `other`. 0 for totals only.", Min = "0")]
    public int PerPartition { get; init; } = 2000;

    [Key("How long `/metrics` stays after the end, when somebody has read it during the run: the last read sees final values. Ctrl-C ends it.", Min = "0s")]
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(15);
}

public sealed record PrometheusSection
{
    [Key("Serve `/metrics`.")]
    public bool Enabled { get; init; } = true;

    [Key("Port of `/metrics`; 0 for any free one, printed.", Min = "0", Max = "65535")]
    public int Port { get; init; } = 9090;

    [Key("Address to listen on. 0.0.0.0 opens it to the network.")]
    public string Host { get; init; } = "127.0.0.1";
}

public sealed record OtlpSection
{
    [Key("Where to send metrics by OTLP, such as `http://localhost:4318`. One that cannot be reached is warned of once; the run goes on.", LeftOut = "not sent")]
    public string? Endpoint { get; init; }

    [Key("How to send them: `http/protobuf` is usually listened for on port 4318, `grpc` (HTTP/2, without TLS where the endpoint says `http`) on 4317.")]
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.HttpProtobuf;

    [Key("Time from one export to the next.", Min = "1s")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);
}

public enum OtlpProtocol
{
    /// <summary>Usually on port 4318.</summary>
    [Spelling("http/protobuf")]
    HttpProtobuf,

    /// <summary>Usually on port 4317.</summary>
    [Spelling("grpc")]
    Grpc,
}
