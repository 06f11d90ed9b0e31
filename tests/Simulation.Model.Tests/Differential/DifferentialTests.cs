using FsCheck;
using FsCheck.Fluent;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Model.Tests.Differential;

/// <summary>The model and a real server, side by side, under random scripts. A difference is a bug of the model.</summary>
public sealed class DifferentialTests
{
    /// <summary>Set to a number, so many fresh scripts are tried instead of the few that are always the same.</summary>
    private const string More = "SIMULATION_DIFFERENTIAL_SCRIPTS";

    private const int Usual = 15;

    private static int _scripts;

    public static IEnumerable<object[]> Versions => TestServerVersions.All;

    [SkippableTheory, MemberData(nameof(Versions))]
    public async Task Script_ModelAndServer_AnswerAlike(string version)
    {
        EmbeddedNatsServer server = await SharedTestServers.GetAsync(version);
        int? more = int.TryParse(Environment.GetEnvironmentVariable(More), out int asked) ? asked : null;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(more ?? Usual);
        Prop.ForAll(Step.Scripts, script => Compare(server, script.Stream, script.Steps))
            .Check(more is null ? config.WithReplay(20261121UL, 1UL) : config);
    }

    private static void Compare(EmbeddedNatsServer server, Step stream, Step[] steps)
    {
        string name = $"D{Interlocked.Increment(ref _scripts)}";
        IReadOnlyList<string> modelled = [];
        new ModelWorld(new ModelServerOptions { Version = server.Version }).Run(async (context, connection) =>
        {
            var runner = new ScriptRunner(context, connection, name);
            await runner.CreateStreamAsync(stream);
            await runner.RunAsync(steps);
            modelled = runner.Lines;
        });
        IReadOnlyList<string> real = [];
        ConnectedActor.RunAsync(server.Url, async (context, connection) =>
        {
            var runner = new ScriptRunner(context, connection, name, modelled);
            await runner.CreateStreamAsync(stream);
            await runner.RunAsync(steps);
            real = runner.Lines;
        }).GetAwaiter().GetResult();

        string[] shown = [.. real];
        Assert.True(
            shown.SequenceEqual(modelled),
            $"{stream}\nmodel:\n{string.Join('\n', modelled.Take(shown.Length))}\nserver {server.Version}:\n{string.Join('\n', shown)}");
    }
}
