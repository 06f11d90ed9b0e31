namespace Simulation.Nats.Protocol;

/// <summary>The peer sent bytes that are not the NATS protocol. Nothing behind them can be trusted, so the link must be cut.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
