using System.Diagnostics;
using System.Globalization;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>
/// Whether a run holds more and more as it goes on. In the first half a process grows to what the collector lets it have (a quarter of an hour at
/// 100 messages a second), so that the second half counts. What is held for the participants that there are at a moment is no growth: each value is
/// fitted by the number of processes and by the time, and the part of the time is what has grown. Memory tells late and little, because what is free
/// is not given back; so the coordinator's own samples of its heap are looked at, too, where it was lowest: after a collection.
/// </summary>
internal sealed class Growth
{
    /// <summary>As many descriptors more, in the half that counts, could be chance: a connection that is being made again, a log that goes on in its next file.</summary>
    private const double MostDescriptors = 6;

    /// <summary>In the half that counts. Measured: 3 to 6 MB with a heap that does not grow at all.</summary>
    private const double MostKilobytes = 10_000;

    /// <summary>The lowest of the last third of the time, by the lowest of the second one. Measured: 0.7 to 0.9.</summary>
    private const double MostHeap = 1.25;

    /// <summary>With a young generation of 4 MB the collector runs often enough to tell.</summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?> { ["DOTNET_GCgen0size"] = "400000" };

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<Sample> _coordinator = [];
    private readonly Dictionary<int, List<Sample>> _children = [];

    public void Look(SimulationProcess run)
    {
        IReadOnlyList<int> children = run.Children();
        Look(run.Id, _coordinator, children.Count);
        foreach (int child in children)
        {
            if (!_children.TryGetValue(child, out List<Sample>? samples))
            {
                _children[child] = samples = [];
            }

            Look(child, samples, 0);
        }
    }

    /// <param name="processFile">What the coordinator wrote of itself: <c>process.csv</c>.</param>
    public void AssertNone(string processFile)
    {
        AssertHeap(processFile);
        AssertSteady("the coordinator", _coordinator);
        foreach ((int child, List<Sample> samples) in _children.Where(child => child.Value.Count > _coordinator.Count / 2))
        {
            AssertSteady($"process {child}", samples);
        }
    }

    private static void AssertHeap(string processFile)
    {
        string[] lines = File.ReadAllLines(processFile);
        int column = Array.IndexOf(lines[0].Split(','), "heap_bytes");
        long[] heap = [.. lines.Skip(1).Select(line => long.Parse(line.Split(',')[column], CultureInfo.InvariantCulture))];
        long before = heap[(heap.Length / 3)..(heap.Length / 3 * 2)].Min();
        long after = heap[(heap.Length / 3 * 2)..].Min();
        Assert.True(after <= MostHeap * before, string.Create(CultureInfo.InvariantCulture, $"the coordinator's heap grew from {before} to {after} bytes"));
    }

    private static void AssertSteady(string who, List<Sample> samples)
    {
        Sample[] counted = [.. samples.Skip(samples.Count / 2)];
        double descriptors = Grown(counted, sample => sample.Descriptors);
        double kilobytes = Grown(counted, sample => sample.Kilobytes);
        Assert.True(
            descriptors <= MostDescriptors && kilobytes <= MostKilobytes,
            string.Create(CultureInfo.InvariantCulture, $"{who} grew by {descriptors:0.0} descriptors and {kilobytes:0} kB: {string.Join(' ', samples)}"));
    }

    /// <summary>Least squares by two causes: the time's part is that of what the processes do not explain, neither in the value nor in the time.</summary>
    private static double Grown(Sample[] samples, Func<Sample, double> value)
    {
        double[] processes = [.. samples.Select(sample => (double)sample.Processes)];
        double[] time = [.. samples.Select(sample => sample.Seconds)];
        double[] unexplained = Rest([.. samples.Select(value)], processes);
        double slope = Slope(unexplained, Rest(time, processes));
        return slope * (time[^1] - time[0]);
    }

    private static double[] Rest(double[] values, double[] by)
    {
        (double slope, double mean, double meanBy) = (Slope(values, by), values.Average(), by.Average());
        return [.. values.Zip(by, (value, cause) => value - mean - (slope * (cause - meanBy)))];
    }

    private static double Slope(double[] values, double[] by)
    {
        (double mean, double meanBy) = (values.Average(), by.Average());
        double spread = by.Sum(cause => (cause - meanBy) * (cause - meanBy));
        return spread == 0 ? 0 : values.Zip(by, (value, cause) => (value - mean) * (cause - meanBy)).Sum() / spread;
    }

    private void Look(int process, List<Sample> samples, int processes)
    {
        try
        {
            string anonymous = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
            samples.Add(new Sample(
                _watch.Elapsed.TotalSeconds, processes, Directory.GetFiles($"/proc/{process}/fd").Length,
                int.Parse(anonymous.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // It ended while we looked.
        }
    }

    /// <param name="Seconds">Since the first look.</param>
    /// <param name="Processes">That it had.</param>
    /// <param name="Descriptors">Open.</param>
    /// <param name="Kilobytes">Of memory of its own.</param>
    private readonly record struct Sample(double Seconds, int Processes, int Descriptors, int Kilobytes)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0}s:{Processes}/{Descriptors}/{Kilobytes}");
    }
}
