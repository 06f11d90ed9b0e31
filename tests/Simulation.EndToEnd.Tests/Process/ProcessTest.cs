using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>A test of the executable: a folder to run it in, and a small configuration.</summary>
public abstract class ProcessTest : IDisposable
{
    private const string SmallRun =
        """
        simulation:
          duration: 3s
          seed: 7
        partitions: {count: 8, message_rate_per_partition: 10}
        producers: {count: 2}
        workers:
          count: 2
          processing_delay: {min: 0ms, max: 2ms}
          group: {cold_start_window: 500ms}
          consumers: {ack_wait: 3s}
        coordinator: {validation_window: 20s}
        nats: {prefix: edge}
        metrics: {prometheus: {port: 0}, linger: 0s}
        """;

    private readonly TestFolder _folder = new();

    protected ProcessTest() => File.WriteAllText(Path.Combine(_folder.Path, "run.yaml"), SmallRun);

    protected string Folder => _folder.Path;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the small run.</summary>
    /// <param name="settings">Each as --set takes it, or another option with its value.</param>
    internal SimulationProcess Run(params string[] settings) => Run(null, [], settings);

    /// <param name="program">Another program that starts it; null for none.</param>
    /// <param name="before">Arguments of that one.</param>
    /// <param name="settings">Each as --set takes it, or another option with its value.</param>
    internal SimulationProcess Run(string? program, string[] before, params string[] settings) => SimulationProcess.Start(
        Folder,
        [.. before, "--config", "run.yaml", .. settings.SelectMany(setting => setting.StartsWith('-') ? setting.Split(' ') : ["--set", setting])],
        program: program);

    internal SimulationProcess Start(params IEnumerable<string> arguments) => SimulationProcess.Start(Folder, arguments);

    /// <summary>Runs a command to its end.</summary>
    internal async Task<(int ExitCode, string Output, string Error)> ExecuteAsync(params IEnumerable<string> arguments)
    {
        await using SimulationProcess process = Start(arguments);
        return (await process.ExitAsync(), process.Output, process.Error);
    }
}
