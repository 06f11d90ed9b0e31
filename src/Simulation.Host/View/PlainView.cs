using Simulation.Kernel;

namespace Simulation.Host.View;

/// <summary>Lines, one after another: for pipes, files and CI. Also for --quiet, with whatever the log lets through.</summary>
internal sealed class PlainView(TextWriter output) : IRunView
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public void Show(RunSnapshot snapshot)
    {
        // The log's progress lines tell it: see ProgressLines.
    }

    public void WriteLine(LogLevel level, string line) => _output.WriteLine(line);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
