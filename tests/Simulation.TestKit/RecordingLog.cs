using Simulation.Kernel;

namespace Simulation.Testing;

/// <summary>Keeps what was logged, for tests to read.</summary>
public sealed class RecordingLog : IKernelLog
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];

    /// <summary>So far, oldest first.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public void Write(LogLevel level, string source, string message, Exception? error = null)
    {
        lock (_gate)
        {
            _entries.Add(new LogEntry(level, source, message, error));
        }
    }

    /// <summary>Entries whose text contains that.</summary>
    public IReadOnlyList<LogEntry> Containing(string text) => [.. Entries.Where(entry => entry.Message.Contains(text, StringComparison.Ordinal))];
}

public sealed record LogEntry(LogLevel Level, string Source, string Message, Exception? Error);
