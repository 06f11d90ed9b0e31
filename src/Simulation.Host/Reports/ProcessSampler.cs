namespace Simulation.Host.Reports;

/// <summary>Writes a <see cref="ProcessSample"/> a second to process.csv. A run that is resumed goes on in the same file.</summary>
internal sealed class ProcessSampler : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isClosed;
    private volatile Latest? _latest;

    public ProcessSampler(string path, TimeProvider time)
    {
        bool isNew = !File.Exists(path);
        _time = time;
        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        if (isNew)
        {
            _file.WriteLine(ProcessSample.Header);
        }

        _timer = time.CreateTimer(_ => Sample(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>The latest sample, and the processors used since the one before; null before the first.</summary>
    public (ProcessSample Sample, double? Cpu)? Now => _latest is { } latest ? (latest.Sample, latest.Cpu) : null;

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }

    private void Sample()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return; // The last tick may still be on its way.
            }

            try
            {
                ProcessSample sample = ProcessSample.Take(_time.GetUtcNow());
                _latest = new Latest(sample, sample.CpuSince(_latest?.Sample));
                _file.WriteLine(sample);
            }
            catch (IOException)
            {
                // A full disk ends the run by its history; here only seconds are missing.
            }
        }
    }

    private sealed record Latest(ProcessSample Sample, double? Cpu);
}
