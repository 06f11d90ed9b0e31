namespace Simulation.Kernel;

public sealed class AskTimeoutException(string message) : TimeoutException(message);
