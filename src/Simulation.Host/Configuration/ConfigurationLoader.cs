using System.Collections;
using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

/// <summary>Sources to configuration: flag over environment over file over default.</summary>
public static class ConfigurationLoader
{
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
        reader.Problems.AddRange(CrossChecks.All
            .Where(check => !check.Keys.Any(reader.Broken.Contains))
            .Select(check => check.Problem(config, reader.Origins))
            .OfType<Problem>());
        if (reader.Problems.Count == 0)
        {
            // These need a configuration that is right in everything else.
            reader.Problems.AddRange(ChaosChecks.Problems(config, reader.Origins));
        }

        return reader.Problems.Count == 0
            ? new LoadedConfiguration(config, reader.Origins)
            : throw new ConfigurationException([.. reader.Problems]);
    }

    /// <summary>The process's variables.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
}
