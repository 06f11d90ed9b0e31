namespace Simulation.Kernel;

internal sealed class NullLog : IKernelLog
{
    internal static readonly NullLog Instance = new();

    public void Write(LogLevel level, string source, string message, Exception? error = null)
    {
    }
}
