using System.Text;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>What a process says, line by line, and who waits for it.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Said)> _waiting = [];

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line).Append('\n')).ToString();
            }
        }
    }

    /// <param name="line">Null at the end.</param>
    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Add(line);
            foreach ((_, TaskCompletionSource<string> said) in _waiting.Where(waiting => line.Contains(waiting.Text, StringComparison.Ordinal)))
            {
                said.TrySetResult(line);
            }
        }
    }

    /// <summary>The first line with this text, also one that was said already.</summary>
    public Task<string> WaitForAsync(string text)
    {
        lock (_lock)
        {
            var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
            {
                said.SetResult(line);
            }

            _waiting.Add((text, said));
            return said.Task;
        }
    }
}
