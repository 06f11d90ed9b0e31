using Simulation.History;
using Simulation.JetStream;

namespace Simulation.Actors;

/// <summary>What a run needs of the world it runs in.</summary>
public sealed record RunServices(IJetStreamConnector Connector, IHistoryStore History, IRunTelemetry Telemetry)
{
    /// <summary>Where workers live; null for the coordinator's process.</summary>
    public IParticipantHost? Workers { get; init; }

    /// <summary>Where producers live; null for the coordinator's process.</summary>
    public IParticipantHost? Producers { get; init; }
}
