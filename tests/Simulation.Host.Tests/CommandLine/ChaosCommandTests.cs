using System.Text.Json;
using Simulation.Chaos;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Tests.CommandLine;

public sealed class ChaosCommandTests
{
    private static readonly string Realistic = Repository.PathOf("configs", "realistic.yaml");

    [Fact]
    public async Task Plan_AsYaml_IsAcceptedBackAndGivesTheSame()
    {
        using var folder = new TemporaryFolder();
        string plan = await OutputOf("chaos", "plan", "--config", Realistic, "--seed", "7", "--format", "yaml");
        string file = Path.Combine(folder.Path, "plan.yaml");
        string before = File.ReadAllText(Realistic).Split("\nchaos:")[0];
        await File.WriteAllTextAsync(file, $"{before}\n{plan}  min_workers: 50\n");

        Assert.Contains("{at: ", plan);
        Assert.Equal(plan, await OutputOf("chaos", "plan", "--config", file, "--seed", "8", "--format", "yaml"));
    }

    [Fact]
    public async Task Plan_AsJsonAndAsTable_TellTheSameFaults()
    {
        string table = await OutputOf("chaos", "plan", "--config", Realistic, "--seed", "7");
        using JsonDocument json = JsonDocument.Parse(await OutputOf("chaos", "plan", "--config", Realistic, "--seed", "7", "--format", "json"));
        JsonElement faults = json.RootElement.GetProperty("faults");

        Assert.StartsWith($"{faults.GetArrayLength()} faults, seed 7", table);
        Assert.All(faults.EnumerateArray(), fault => Assert.Contains(fault.GetProperty("event").GetString()!, table));
    }

    [Fact]
    public async Task Plan_WithoutChaos_IsRefused()
    {
        var runner = new CommandRunner();

        Assert.Equal(ExitCode.Usage, await runner.ExecuteAsync("chaos", "plan"));
        Assert.Contains("--set chaos.enabled=true", runner.Error);
    }

    [Fact]
    public async Task List_TellsEveryKindAndWhatCannotBeDone()
    {
        string real = await OutputOf("chaos", "list");
        string external = await OutputOf("chaos", "list", "--set", "nats.mode=external");

        Assert.All(FaultCatalogue.Names, name => Assert.Contains($"\n{name} ", $"\n{real}"));
        Assert.Matches("server_kill +can be done here", real);
        Assert.Matches("server_kill +not here: the servers are somebody else's", external);
    }

    private static async Task<string> OutputOf(params string[] arguments)
    {
        var runner = new CommandRunner();
        ExitCode exitCode = await runner.ExecuteAsync(arguments);
        Assert.True(exitCode == ExitCode.Passed, runner.Error);
        return runner.Output;
    }
}
