using FsCheck;
using FsCheck.Fluent;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Model.Tests.Differential;

/// <summary>
/// As <see cref="DifferentialTests"/>, with a SIGKILL in the middle: what is left afterwards, and what the rest of the script makes of it, is
/// the same. The kill comes when the consumers' files have been written; what a kill before that costs depends on moments that no two runs share.
/// </summary>
public sealed class CrashDifferentialTests
{
    /// <summary>Set to a number, so many fresh scripts are tried instead of the few that are always the same.</summary>
    private const string More = "SIMULATION_DIFFERENTIAL_CRASHES";

    private const int Usual = 3;

    /// <summary>Servers write a consumer's file at most every few hundred milliseconds.</summary>
    private static readonly TimeSpan UntilWritten = TimeSpan.FromSeconds(1.5);

    public static IEnumerable<object[]> Versions => TestServerVersions.All;

    [SkippableTheory, MemberData(nameof(Versions))]
    public async Task Script_ServerIsKilledInTheMiddle_ModelAndServerAnswerAlike(string version)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        string folder = Directory.CreateTempSubdirectory($"simulation-model-crash-{version}-").FullName;
        EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(new EmbeddedNatsServerOptions { Binary = binary, Folder = folder });
        try
        {
            int scripts = 0;
            int? more = int.TryParse(Environment.GetEnvironmentVariable(More), out int asked) ? asked : null;
            Config config = Config.QuickThrowOnFailure.WithMaxTest(more ?? Usual);
            Prop.ForAll(Step.Scripts, script => Compare(server, $"K{++scripts}", script.Stream, script.Steps))
                .Check(more is null ? config.WithReplay(20261121UL, 1UL) : config);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Before 2.10, a stream without messages may have forgotten its last sequence after a kill; it depends on when it wrote its index.</summary>
    private static bool ForgetsWhenEmpty(EmbeddedNatsServer server) => server.Version < new Version(2, 10);

    /// <summary>
    /// In files only: what memory held is gone, and there is nothing to compare. No consumer is updated after the kill: 2.15 was seen to keep a
    /// filter then that the update took away, which is no matter of crashes.
    /// </summary>
    private static void Compare(EmbeddedNatsServer server, string name, Step drawn, Step[] steps)
    {
        Step stream = drawn with { C = drawn.C | 1, A = ForgetsWhenEmpty(server) ? 0 : drawn.A };
        Step[] before = [.. steps[..(steps.Length / 2)].Where(step => !ForgetsWhenEmpty(server) || step.Kind is not (StepKind.Purge or StepKind.DeleteMessage))];
        Step[] after = [.. steps[(steps.Length / 2)..].Where(step => step.Kind != StepKind.UpdateConsumer)];
        (IReadOnlyList<string> Before, IReadOnlyList<string> After) modelled = Modelled(server.Version, name, stream, before, after);

        ScriptRunner real = Real(server, name, before, modelled.Before, stream);
        AssertAlike(server, stream, "before", modelled.Before, real.Lines);
        server.KillAsync().GetAwaiter().GetResult();
        server.RestartAsync().GetAwaiter().GetResult();
        real = Real(server, name, after, modelled.After);
        AssertAlike(server, stream, "after", modelled.After, real.Lines);
    }

    private static (IReadOnlyList<string> Before, IReadOnlyList<string> After) Modelled(Version version, string name, Step stream, Step[] before, Step[] after)
    {
        var world = new ModelWorld(new ModelServerOptions { Version = version });
        ScriptRunner first = null!;
        ScriptRunner second = null!;
        world.Run(async (context, connection) =>
        {
            first = new ScriptRunner(context, connection, name);
            await first.CreateStreamAsync(stream);
            await first.RunAsync(before);
            await context.Delay(UntilWritten);
            world.Connector.KillServer();
            await world.ComeBackAsync(context, connection);
            second = new ScriptRunner(context, connection, name);
            await second.RunAsync(after);
        });
        return (first.Lines, second.Lines);
    }

    private static ScriptRunner Real(EmbeddedNatsServer server, string name, Step[] steps, IReadOnlyList<string> expected, Step? stream = null)
    {
        ScriptRunner runner = null!;
        ConnectedActor.RunAsync(server.Url, async (context, connection) =>
        {
            runner = new ScriptRunner(context, connection, name, expected);
            if (stream is { } config)
            {
                await runner.CreateStreamAsync(config);
            }

            await runner.RunAsync(steps);
            await context.Delay(stream is null ? TimeSpan.Zero : UntilWritten);
        }).GetAwaiter().GetResult();
        return runner;
    }

    private static void AssertAlike(EmbeddedNatsServer server, Step stream, string when, IReadOnlyList<string> modelled, IReadOnlyList<string> real) => Assert.True(
        real.SequenceEqual(modelled),
        $"{stream}, {when} the kill\nmodel:\n{string.Join('\n', modelled.Take(real.Count))}\nserver {server.Version}:\n{string.Join('\n', real)}");
}
