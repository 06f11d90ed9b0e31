using System.Collections.Immutable;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Model;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Virtual;

/// <summary>The configuration in the words of the modelled server.</summary>
internal static class ModelOptions
{
    public static readonly ImmutableArray<Version> Modelled = [ModelServerOptions.Version215, ModelServerOptions.Version210, ModelServerOptions.Version29];

    public static ModelServerOptions ToModelServer(this SimulationConfig config)
    {
        var options = new ModelServerOptions { Name = ChaosRoomOptions.ServerName, Version = VersionFor(config.Nats.Version)! };
        return config.Nats.Jetstream.SyncInterval is { } interval ? options with { SyncInterval = interval } : options;
    }

    public static ModelNetworkOptions ToModelNetwork(this SimulationConfig config) => new() { PublishTimeout = config.Producers.PublishTimeout };

    /// <summary>Null when no server of that version is modelled.</summary>
    public static Version? VersionFor(string? asked)
    {
        RequestedVersion wanted = RequestedVersion.Parse(asked ?? RequestedVersion.Any.Text);
        return Modelled.FirstOrDefault(wanted.Matches);
    }
}
