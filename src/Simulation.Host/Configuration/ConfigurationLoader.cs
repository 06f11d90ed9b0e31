using System.Collections;
using Simulation.Host.Configuration.Schema;
using Simulation.Kernel;

namespace Simulation.Host.Configuration;

/// <summary>Sources to configuration: flag over environment over file over default.</summary>
public static class ConfigurationLoader
{
    private static readonly DurationRange Anytime = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));

    /// <exception cref="ConfigurationException">With every problem of every source.</exception>
    public static LoadedConfiguration Load(ConfigurationSources sources)
    {
        var reader = new ConfigurationReader();
        if (sources.File is { } file)
        {
            reader.ReadFile(file);
        }

        reader.ReadEnvironment(sources.Environment);
        foreach (string assignment in sources.Sets)
        {
            reader.ReadSet(assignment);
        }

        foreach (FlagValue flag in sources.Flags)
        {
            reader.ReadFlag(flag);
        }

        var config = (SimulationConfig)ConfigurationSection.Root.Bind(reader.Values);
        SimulationConfig looked = sources.SeedsDrawFaults ? WithoutTimetable(config) : config;
        reader.Problems.AddRange(CrossChecks.All
            .Where(check => !check.Keys.Any(reader.Broken.Contains))
            .Select(check => check.Problem(looked, reader.Origins))
            .OfType<Problem>());
        if (reader.Problems.Count == 0)
        {
            // These need a configuration that is right in everything else.
            reader.Problems.AddRange(ChaosChecks.Problems(looked, reader.Origins));
        }

        return reader.Problems.Count == 0
            ? new LoadedConfiguration(config, reader.Origins)
            : throw new ConfigurationException([.. reader.Problems]);
    }

    /// <summary>Chaos as it is before anybody says when, how often and how much at a time.</summary>
    private static SimulationConfig WithoutTimetable(SimulationConfig config) => config with
    {
        Chaos = config.Chaos with
        {
            Enabled = config.Chaos is { Enabled: true, Events.IsEmpty: false } or { Enabled: true, Scheduled.IsEmpty: false },
            Interval = Anytime,
            MaxConcurrent = 1,
            Warmup = TimeSpan.Zero,
            QuietBeforeEnd = TimeSpan.Zero,
        },
    };

    /// <summary>The process's variables.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
}
