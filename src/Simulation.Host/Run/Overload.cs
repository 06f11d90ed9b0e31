using System.Globalization;
using Simulation.Host.Configuration;
using Simulation.Kernel;
using Simulation.Workload;

namespace Simulation.Host.Run;

/// <summary>
/// A partition is processed one message after another, so one that gets more than that falls behind while producers send. Whoever asks for it may
/// want it; but when the drain cannot catch up, a whole run is spent for an inconclusive verdict.
/// </summary>
internal static class Overload
{
    /// <returns>Null when the drain has time for what will be left.</returns>
    public static string? In(SimulationConfig config)
    {
        double seconds = (config.Workers.ProcessingDelay.Min + config.Workers.ProcessingDelay.Max).TotalSeconds / 2;
        double rate = HeaviestRate(config);
        double behind = (rate - (1 / seconds)) * config.Simulation.Duration.TotalSeconds;
        TimeSpan window = config.Coordinator.ValidationWindow;
        return seconds == 0 || config.Producers.Unthrottled || behind * seconds <= window.TotalSeconds ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the heaviest partition gets {rate:0.##} messages a second, and its worker, which takes {seconds * 1000:0.##} ms for each on average, processes {1 / seconds:0.##}: "
            + $"at the end it is {behind:0} behind, which takes longer than coordinator.validation_window ({Duration.Format(window)}). "
            + $"Give a lower partitions.message_rate_per_partition, a shorter workers.processing_delay, or a longer window");
    }

    private static double HeaviestRate(SimulationConfig config)
    {
        var plan = new WorkloadPlan(config.ToWorkload(), seed: 0); // Which partition it is follows from the seed, and how heavy it is does not.
        double usual = config.Producers.RateVariation is { Enabled: true } variation ? (variation.MinMultiplier + variation.MaxMultiplier) / 2 : 1;
        return usual * Enumerable.Range(0, config.Partitions.Count).Max(plan.RateOf);
    }
}
