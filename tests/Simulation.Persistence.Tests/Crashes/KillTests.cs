using System.Diagnostics;
using System.Globalization;
using Simulation.Kernel;
using Simulation.Persistence.Tests.Actors;
using Simulation.Persistence.Tests.Scenes;
using Simulation.TestServers;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Crashes;

/// <summary>A process is killed in the middle of persisting, again and again: what it had confirmed is there, and nothing else than it can have written.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class KillTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Persist_ProcessIsKilled_ConfirmedEventsAreInTheFile()
    {
        using TestFolder folder = new();
        await KillAgainAndAgainAsync(Path.Combine(folder.Path, "killed.db"), kills: 4);
    }

    [SkippableFact]
    public async Task Persist_ProcessIsKilled_ConfirmedEventsAreOnTheServer()
    {
        await using PostgresScene scene = await PostgresScene.OnAsync(await postgres.GetAsync());
        await KillAgainAndAgainAsync(scene.Url, kills: 2);
    }

    private static async Task KillAgainAndAgainAsync(string location, int kills)
    {
        long confirmed = 0;
        for (int kill = 1; kill <= kills; kill++)
        {
            long before = confirmed;
            confirmed = PersistUntilKilled(location, confirmations: 7 * kill);
            Assert.True(confirmed > before, $"kill {kill}: event {confirmed} was confirmed, after {before} in the life before");
        }

        await using SqlStore store = SqlStore.At(location);
        await using TestKit kit = TestKit.Real();
        IActorRef counter = kit.ActorOf(Counter.Props(Counter.Services(store)));
        Answer answer = await kit.System.AskAsync<Answer>(counter, new Get(), TestKit.DefaultPatience);

        // Each event adds one; the one that was on its way may have arrived each time.
        Assert.Equal(answer.LastSequence, answer.Total);
        Assert.InRange(answer.LastSequence, confirmed, confirmed + 1);
    }

    /// <returns>The last event that it has confirmed.</returns>
    private static long PersistUntilKilled(string location, int confirmations)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(KilledPersister).Assembly.Location, "persist-until-killed", location])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        long last = 0;
        for (int i = 0; i < confirmations; i++)
        {
            last = long.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        }

        process.Kill();
        while (process.StandardOutput.ReadLine() is { } line && long.TryParse(line, CultureInfo.InvariantCulture, out long later))
        {
            last = later;
        }

        process.WaitForExit();
        return last;
    }
}
