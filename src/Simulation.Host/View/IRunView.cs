using Simulation.Kernel;

namespace Simulation.Host.View;

/// <summary>What someone who waits for a run sees. Called from any thread.</summary>
internal interface IRunView : IAsyncDisposable
{
    void Show(RunSnapshot snapshot);

    /// <summary>A line of the log.</summary>
    void WriteLine(LogLevel level, string line);
}
