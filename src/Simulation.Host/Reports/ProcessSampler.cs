using System.Runtime;

namespace Simulation.Host.Reports;

/// <summary>
/// Writes a <see cref="ProcessSample"/> a second to process.csv. A run that is resumed goes on in the same file. And because memory is to be
/// judged by what is needed: now and then it has everything collected that is not.
/// </summary>
internal sealed class ProcessSampler : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Left alone, the runtime lets the old generation double before it looks at it. At a steady rate that takes long, and until then rubbish cannot be told
    /// from a leak. Looking takes some ten milliseconds.
    /// </summary>
    private const int SamplesToACollection = 60;

    private readonly Lock _lock = new();
    private readonly StreamWriter _file;
    private readonly TimeProvider _time;

    /// <summary>The wall clock, and the clock that never steps, when it began: histories go by these two, and samples are to stand beside them.</summary>
    private readonly (DateTimeOffset Time, long Stamp) _start;

    private readonly ITimer _timer;
    private bool _isClosed;
    private int _sinceCollection;
    private volatile Latest? _latest;

    public ProcessSampler(string path, TimeProvider time)
    {
        bool isNew = !File.Exists(path);
        _time = time;
        _start = (time.GetUtcNow(), time.GetTimestamp());
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
                ProcessSample sample = ProcessSample.Take(_start.Time + _time.GetElapsedTime(_start.Stamp));
                _latest = new Latest(sample, sample.CpuSince(_latest?.Sample));
                _file.WriteLine(sample);
                CollectNowAndThen();
            }
            catch (IOException)
            {
                // A full disk ends the run by its history; here only seconds are missing.
            }
        }
    }

    private void CollectNowAndThen()
    {
        if (++_sinceCollection == SamplesToACollection)
        {
            _sinceCollection = 0;
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }
    }

    private sealed record Latest(ProcessSample Sample, double? Cpu);
}
