using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>A publish as it reaches the server.</summary>
internal sealed record PublishCommand(string Subject, MessageBody Body, string? MessageId, PublishExpectation? Expectation);
