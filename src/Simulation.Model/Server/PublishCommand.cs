using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>A publish as it reaches the server.</summary>
/// <param name="Headers">Lines without version line and final blank line.</param>
internal sealed record PublishCommand(
    string Subject, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Headers, string? MessageId, PublishExpectation? Expectation);
