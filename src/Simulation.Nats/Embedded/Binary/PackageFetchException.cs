namespace Simulation.Nats.Embedded;

/// <summary>A package is not to be had from the distribution's archive.</summary>
public sealed class PackageFetchException(string message, Exception? inner = null) : Exception(message, inner);
