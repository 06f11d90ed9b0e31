namespace Simulation.Testing;

/// <summary>An expectation was not met.</summary>
public sealed class TestKitException(string message) : Exception(message);
