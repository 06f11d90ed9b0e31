namespace Simulation.Host.Reports;

/// <summary>What process.csv holds, by second.</summary>
internal sealed class ProcessSamples
{
    private readonly Dictionary<long, ProcessSample> _bySecond;

    private ProcessSamples(IEnumerable<ProcessSample> samples)
    {
        _bySecond = [];
        ProcessSample? before = null;
        foreach (ProcessSample sample in samples)
        {
            _bySecond[sample.UnixSeconds] = sample;
            Cpu[sample.UnixSeconds] = CpuSince(before, sample);
            before = sample;
        }
    }

    public bool IsEmpty => _bySecond.Count == 0;

    /// <summary>Processors used, on average since the sample before.</summary>
    private Dictionary<long, double> Cpu { get; } = [];

    /// <returns>Empty when there is no such file: the virtual world has none, nor has a run of an older version.</returns>
    public static ProcessSamples Read(string path) =>
        new(File.Exists(path) ? File.ReadLines(path).Skip(1).Select(ProcessSample.Parse).OfType<ProcessSample>() : []);

    public ProcessSample? At(long unixSeconds) => _bySecond.GetValueOrDefault(unixSeconds);

    public double? CpuAt(long unixSeconds) => Cpu.TryGetValue(unixSeconds, out double cpu) && !double.IsNaN(cpu) ? cpu : null;

    /// <summary>A resumed run is another process, whose use begins at nothing.</summary>
    private static double CpuSince(ProcessSample? before, ProcessSample sample) =>
        before is null || sample.CpuSeconds < before.CpuSeconds || sample.UnixSeconds <= before.UnixSeconds
            ? double.NaN
            : (sample.CpuSeconds - before.CpuSeconds) / (sample.UnixSeconds - before.UnixSeconds);
}
