namespace Simulation.Kernel;

/// <summary>Where the kernel and its actors write what people may read. Host composes the sink. Called from any thread.</summary>
public interface IKernelLog
{
    void Write(LogLevel level, string source, string message, Exception? error = null);
}
