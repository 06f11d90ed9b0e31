using System.Globalization;
using Simulation.Nats.Embedded;

namespace Simulation.Benchmarks.Harness;

/// <summary>
/// The whole harness at full rate (producers unthrottled, no processing delay, history and verdict on) and the bare client in turns. Each
/// has a fresh server; both sides of a pair meet the same machine, so the ratio of a pair means more than its figures.
/// </summary>
internal static class HarnessBenchmark
{
    private const int DefaultPairs = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    public static async Task<int> RunAsync(int pairs = DefaultPairs)
    {
        NatsServerBinary binary = await new NatsServerLocator().LocateAsync(RequestedVersion.Parse("2.15"), new Progress<string>());
        Console.WriteLine($"server {binary.Version}, file storage, {FullRate.Partitions} partitions in {FullRate.Topology.Layout.Units.Length} groups, "
            + $"{FullRate.Producers} producers, {FullRate.Workers} workers, {FullRate.Window} publishes under way each, message size {FullRate.MessageSize}, "
            + $"{Duration.TotalSeconds:0} s, {pairs} pairs");
        await BareAsync(binary, WarmUp);
        await HarnessAsync(binary, WarmUp);
        var bare = new List<Measurement>();
        var harness = new List<Measurement>();
        for (int pair = 0; pair < pairs; pair++)
        {
            bare.Add(await BareAsync(binary, Duration));
            harness.Add(await HarnessAsync(binary, Duration));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"pair {pair + 1}: while sending {harness[^1].RateWhileSending:N0}/s of {bare[^1].RateWhileSending:N0}/s, to the end {harness[^1].RateToTheEnd:N0}/s of {bare[^1].RateToTheEnd:N0}/s"));
        }

        Print("bare client", bare);
        Print("whole harness", harness);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ratio: {Ratio(harness, bare, side => side.RateWhileSending):0.00} while sending, {Ratio(harness, bare, side => side.RateToTheEnd):0.00} to the last acknowledgement, "
            + $"{Ratio(harness, bare, side => 1 / side.AllMicroseconds):0.00} by the processor time of client and server together"));
        return 0;
    }

    /// <param name="binary">Of the server.</param>
    /// <param name="measure">Given a fresh server and a folder; both are gone after it.</param>
    internal static async Task<T> WithServerAsync<T>(NatsServerBinary binary, Func<EmbeddedNatsServer, string, Task<T>> measure)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("simulation-benchmark-");
        try
        {
            GC.Collect();
            await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(
                new EmbeddedNatsServerOptions { Binary = binary, Folder = Path.Combine(folder.FullName, "nats") });
            return await measure(server, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<Measurement> BareAsync(NatsServerBinary binary, TimeSpan duration) =>
        WithServerAsync(binary, (server, _) => BareClient.MeasureAsync(server, duration));

    private static Task<Measurement> HarnessAsync(NatsServerBinary binary, TimeSpan duration) =>
        WithServerAsync(binary, (server, folder) => WholeHarness.MeasureAsync(server, folder, duration));

    private static void Print(string what, List<Measurement> sides) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-13} {Median(sides, side => side.RateWhileSending),8:N0}/s while sending, {Median(sides, side => side.RateToTheEnd),8:N0}/s to the end; "
        + $"cores busy: {Median(sides, side => side.Sending.Ours / side.Sending.Wall):0.00} here, {Median(sides, side => side.Sending.Server / side.Sending.Wall):0.00} in the server; "
        + $"a message: {Median(sides, side => side.OurMicroseconds):0.0} us CPU here, {Median(sides, side => side.ServerMicroseconds):0.0} us in the server, "
        + $"{Median(sides, side => side.AllocatedBytes):0} bytes allocated"));

    private static double Ratio(List<Measurement> harness, List<Measurement> bare, Func<Measurement, double> rate) =>
        Median(harness.Zip(bare, (ours, theirs) => rate(ours) / rate(theirs)));

    private static double Median(List<Measurement> sides, Func<Measurement, double> figure) => Median(sides.Select(figure));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
