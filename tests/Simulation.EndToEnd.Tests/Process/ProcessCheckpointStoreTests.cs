using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Simulation.History;
using Simulation.TestServers;
using Simulation.TestServers.Postgres;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>What becomes of a whole run whose checkpoints cannot be kept as they should: it goes on, and its verdict is what it would have been.</summary>
public sealed class ProcessCheckpointStoreTests : ProcessTest
{
    private const string Kept = "checkpointing.enabled=true";

    private const string Often = "checkpointing.interval=1s";

    /// <summary>The database dies and comes back, the coordinator dies, and what goes on begins at a checkpoint from there.</summary>
    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Run_PostgresIsKilledAndComesBack_IsResumedFromIt()
    {
        Soak.Require();
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        string[] settings = ["simulation.duration=12s", Kept, Often, $"checkpointing.store={postgres.UrlOf("postgres")}"];
        await using SimulationProcess killed = Run(settings);
        await killed.SaysAsync("running,");
        await HasNewerSnapshotAsync(killed, postgres, than: "");
        await postgres.KillAsync();
        await killed.SaysAsync("Tries again for");
        await postgres.StartAgainAsync();
        await HasNewerSnapshotAsync(killed, postgres, than: await NewestSnapshotAsync(postgres));
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();

        await using SimulationProcess resumed = Run([.. settings, "--resume"]);
        await resumed.ExitsAsync(0);

        Assert.Contains("Resuming from checkpoint: postgres://", resumed.Error);
        Assert.DoesNotContain("All logs are read instead", resumed.Error);
        AssertComplete(resumed);
    }

    /// <summary>It is away for good: the run is resumed without checkpoints, and refuses to go on as if it had some.</summary>
    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Run_PostgresDiesForGood_GoesOnAndIsResumedFromTheLogs()
    {
        Soak.Require();
        string[] settings = ["simulation.duration=5s", Kept, Often];
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        string[] withStore = [.. settings, $"checkpointing.store={postgres.UrlOf("postgres")}"];
        await using SimulationProcess killed = Run(withStore);
        await killed.SaysAsync("running,");
        await postgres.KillAsync();
        await killed.SaysAsync("Tries again for");
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();

        await using (SimulationProcess refused = Run([.. withStore, "--resume"]))
        {
            await refused.ExitsAsync(69);
            Assert.Contains("checkpoints cannot be kept: ", refused.Error);
            Assert.Contains("--set checkpointing.enabled=false", refused.Error);
        }

        await using SimulationProcess resumed = Run([.. withStore, "checkpointing.enabled=false", "--resume"]);
        await resumed.ExitsAsync(0);
        AssertComplete(resumed);
    }

    /// <summary>One that cannot be read is passed over, and the one before is used.</summary>
    [SkippableFact]
    public async Task Resume_NewestCheckpointIsDamaged_BeginsAtTheOneBefore()
    {
        string[] settings = [Kept, Often];
        await using SimulationProcess killed = Run([.. settings, "simulation.duration=1h"]);
        await killed.SaysAsync("running,");
        string store = Directory.EnumerateFiles(killed.RunFolder, "*.db", SearchOption.AllDirectories).Single();
        while (await SqliteAsync(store, "SELECT COUNT(*) FROM simulation_snapshots") is "0" or "1")
        {
            killed.ThrowIfOver();
            await Task.Delay(100);
        }

        killed.Signal(Signal.Kill);
        await killed.ExitAsync();
        await SqliteAsync(store, "UPDATE simulation_snapshots SET body = replace(body, '\"messages_sent\":', '\"messages_sent\":1') WHERE at = (SELECT MAX(at) FROM simulation_snapshots)");

        await using SimulationProcess resumed = Run([.. settings, "simulation.duration=5s", "--resume"]);
        await resumed.ExitsAsync(0);

        Assert.Matches("The snapshot of event .* is damaged .*; using the one before it", resumed.Error);
        Assert.Contains($"Resuming from checkpoint: {store}", resumed.Error);
        AssertComplete(resumed);
    }

    [SkippableFact]
    public async Task Run_DiskOfTheCheckpointsIsFull_WarnsGoesOnAndPasses()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.Combine(Folder, "disk"), megabytes: 2);
        await using SimulationProcess run = Run("simulation.duration=1h", Kept, Often, $"checkpointing.path={disk.Path}");
        await run.SaysAsync("running,");
        disk.Fill();
        await run.SaysAsync("Checkpoints: ");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);

        AssertComplete(run);
    }

    [SkippableFact]
    public async Task Run_FolderOfTheCheckpointsIsReadOnly_Exits69AndSaysWhatHelps()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.Combine(Folder, "disk"), megabytes: 1);
        disk.MakeReadOnly();
        await using SimulationProcess run = Run("simulation.duration=1s", Kept, $"checkpointing.path={disk.Path}");
        await run.ExitsAsync(69);

        Assert.Contains("checkpoints cannot be kept", run.Error);
        Assert.Contains("--set checkpointing.enabled=false", run.Error);
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>As far as it is known, the stream has what was sent, and all of it was processed.</summary>
    private static void AssertComplete(SimulationProcess run)
    {
        Assert.Contains("Verdict: passed", run.Output);
        Assert.Contains($"Simulation complete: {RunLogs.Count(run.RunFolder, RecordType.Stored)} messages sent", run.Output);
    }

    private static async Task HasNewerSnapshotAsync(SimulationProcess run, PostgresServer postgres, string than)
    {
        while (await NewestSnapshotAsync(postgres) == than)
        {
            run.ThrowIfOver();
            await Task.Delay(100);
        }
    }

    /// <returns>Empty for none.</returns>
    private static Task<string> NewestSnapshotAsync(PostgresServer postgres) => ScalarAsync(
        new NpgsqlConnection($"Host=127.0.0.1;Port={postgres.Port};Username=simulation;Database=postgres;Pooling=false"),
        "SELECT CASE WHEN to_regclass('simulation_snapshots') IS NULL THEN '' ELSE 'there' END",
        "SELECT MAX(at) FROM simulation_snapshots");

    private static Task<string> SqliteAsync(string file, string sql) => ScalarAsync(new SqliteConnection($"Data Source={file};Pooling=false"), sql);

    /// <returns>What the last of them answers, or the first that answers nothing.</returns>
    private static async Task<string> ScalarAsync(DbConnection connection, params string[] queries)
    {
        await using (connection)
        {
            await connection.OpenAsync();
            string answer = "";
            foreach (string query in queries)
            {
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = query;
                answer = $"{await command.ExecuteScalarAsync()}";
                if (answer.Length == 0)
                {
                    break;
                }
            }

            return answer;
        }
    }
}
