using Simulation.History;
using Simulation.JetStream;

namespace Simulation.Actors;

/// <summary>What a run needs of the world it runs in.</summary>
public sealed record RunServices(IJetStreamConnector Connector, IHistoryStore History, IRunTelemetry Telemetry);
