namespace Simulation.Host.Reports;

/// <summary>What process.csv holds, by second.</summary>
internal sealed class ProcessSamples
{
    private readonly Dictionary<long, ProcessSample> _bySecond = [];
    private readonly Dictionary<long, double?> _cpu = [];

    private ProcessSamples(IEnumerable<ProcessSample> samples)
    {
        ProcessSample? before = null;
        foreach (ProcessSample sample in samples)
        {
            _bySecond[sample.UnixSeconds] = sample;
            _cpu[sample.UnixSeconds] = sample.CpuSince(before);
            before = sample;
        }
    }

    public bool IsEmpty => _bySecond.Count == 0;

    /// <returns>Empty when there is no such file: the virtual world has none, nor has a run of an older version.</returns>
    public static ProcessSamples Read(string path) =>
        new(File.Exists(path) ? File.ReadLines(path).Skip(1).Select(ProcessSample.Parse).OfType<ProcessSample>() : []);

    /// <summary>Of that second; or of the one before, when the clock that samples had ticked a little early.</summary>
    public ProcessSample? At(long unixSeconds) => _bySecond.GetValueOrDefault(unixSeconds) ?? _bySecond.GetValueOrDefault(unixSeconds - 1);

    /// <returns>Processors used, on average since the sample before; null when that is not known.</returns>
    public double? CpuAt(long unixSeconds) => _cpu.GetValueOrDefault(unixSeconds) ?? _cpu.GetValueOrDefault(unixSeconds - 1);
}
