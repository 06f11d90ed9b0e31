using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record MetricsSection
{
    public PrometheusSection Prometheus { get; init; } = new();
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
