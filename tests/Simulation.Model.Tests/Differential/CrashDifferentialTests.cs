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
/// Or with a power loss: the store goes back to a sync point that lies within the script, at its beginning or just before the loss.
/// </summary>
public sealed class CrashDifferentialTests
{
    /// <summary>Set to a number, so many fresh scripts are tried instead of the few that are always the same.</summary>
    private const string More = "SIMULATION_DIFFERENTIAL_CRASHES";

    private const int Usual = 3;

    /// <summary>Servers write a consumer's file at most every few hundred milliseconds.</summary>
    private static readonly TimeSpan UntilWritten = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(10);

    public static IEnumerable<object[]> Versions => TestServerVersions.All;

    [SkippableTheory, MemberData(nameof(Versions))]
    public Task Script_ServerIsKilledInTheMiddle_ModelAndServerAnswerAlike(string version) => CheckAsync(version, Compare);

    [SkippableTheory, MemberData(nameof(Versions))]
    public Task Script_ServerLosesPowerInTheMiddle_ModelAndServerAnswerAlike(string version) => CheckAsync(version, ComparePowerLoss);

    private static async Task CheckAsync(string version, Action<EmbeddedNatsServer, string, Step, Step[]> compare)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        string folder = Directory.CreateTempSubdirectory($"simulation-model-crash-{version}-").FullName;
        EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(new EmbeddedNatsServerOptions { Binary = binary, Folder = folder });
        try
        {
            int scripts = 0;
            int? more = int.TryParse(Environment.GetEnvironmentVariable(More), out int asked) ? asked : null;
            Config config = Config.QuickThrowOnFailure.WithMaxTest(more ?? Usual);
            Prop.ForAll(Step.Scripts, script => compare(server, $"K{++scripts}", script.Stream, script.Steps))
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
        AssertAlike(server, stream, "before the kill", modelled.Before, real.Lines);
        server.KillAsync().GetAwaiter().GetResult();
        server.RestartAsync().GetAwaiter().GetResult();
        real = Real(server, name, after, modelled.After);
        AssertAlike(server, stream, "after the kill", modelled.After, real.Lines);
    }

    /// <summary>
    /// Messages alone: what a consumer knew goes back to the sync point, too, where a store is put back as a whole, and the model takes less away. Nothing is
    /// removed either, because the model does not bring back what had been removed since.
    /// </summary>
    private static void ComparePowerLoss(EmbeddedNatsServer server, string name, Step drawn, Step[] steps)
    {
        Step stream = new(drawn.Kind, A: 0, B: drawn.B % 6, C: 1);
        Step[] messages = [.. steps.Where(step => step.Kind is StepKind.Publish or StepKind.PublishIdentified or StepKind.PublishExpectingLast
            or StepKind.PublishExpectingLastOfSubject or StepKind.GetMessage or StepKind.GetLast)];
        int loss = messages.Length * 2 / 3;
        int sync = drawn.C % (loss + 1);
        Step[][] parts = [messages[..sync], messages[sync..loss], messages[loss..]];
        IReadOnlyList<string>[] modelled = ModelledPowerLoss(server.Version, name, stream, parts);

        AssertAlike(server, stream, "before the sync", modelled[0], Real(server, name, parts[0], modelled[0], stream).Lines);
        StoreShadow synced = StoreShadow.KeepAsync(server, TimeSpan.FromHours(1)).GetAwaiter().GetResult();
        AssertAlike(server, stream, "before the loss", modelled[1], Real(server, name, parts[1], modelled[1]).Lines);
        server.KillAsync().GetAwaiter().GetResult();
        synced.RollBackAsync().GetAwaiter().GetResult();
        synced.DisposeAsync().AsTask().GetAwaiter().GetResult();
        server.RestartAsync().GetAwaiter().GetResult();
        AssertAlike(server, stream, "after the loss", modelled[2], Real(server, name, parts[2], modelled[2]).Lines);
    }

    private static IReadOnlyList<string>[] ModelledPowerLoss(Version version, string name, Step stream, Step[][] parts)
    {
        var world = new ModelWorld(new ModelServerOptions { Version = version, SyncInterval = SyncInterval });
        var runners = new List<ScriptRunner>();
        world.Run(async (context, connection) =>
        {
            runners.Add(new ScriptRunner(context, connection, name));
            await runners[^1].CreateStreamAsync(stream);
            await runners[^1].RunAsync(parts[0]);
            await context.Delay(SyncInterval - context.Uptime);
            runners.Add(new ScriptRunner(context, connection, name));
            await runners[^1].RunAsync(parts[1]);
            world.Connector.LoseServerPower();
            await world.ComeBackAsync(context, connection);
            runners.Add(new ScriptRunner(context, connection, name));
            await runners[^1].RunAsync(parts[2]);
        });
        return [.. runners.Select(runner => runner.Lines)];
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
        $"{stream}, {when}\nmodel:\n{string.Join('\n', modelled.Take(real.Count))}\nserver {server.Version}:\n{string.Join('\n', real)}");
}
