namespace Simulation.Kernel;

public enum LogLevel
{
    Debug,
    Info,
    Warning,
    Error,
}
