using System.Data.Common;
using System.Text;
using Simulation.Kernel;
using Simulation.Persistence.Tests.Actors;
using Simulation.TestServers;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Sql;

/// <summary>What may be wrong with a file: each is said in one sentence that names the file, and is one of few kinds.</summary>
public sealed class SqliteTroubleTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly TestKit _kit = TestKit.Real();

    private string Database => Path.Combine(_folder.Path, "checkpoints.db");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _kit.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Connect_AnyFile_CommitsAreSynchronised()
    {
        using DbConnection connection = new SqliteDialect(Database).Connect();
        Assert.Equal(("wal", 2L), (connection.Scalar("PRAGMA journal_mode"), connection.Scalar("PRAGMA synchronous")));
    }

    [Fact]
    public async Task Open_HeaderIsGarbage_IsDamaged()
    {
        await FillAsync();
        Overwrite(0, new byte[64]);
        await AssertOpensWith(PersistenceProblem.Damaged, "is damaged");
    }

    [Fact]
    public async Task Open_OtherFile_IsDamaged()
    {
        await File.WriteAllTextAsync(Database, string.Concat(Enumerable.Repeat("this is no database\n", 500)));
        await AssertOpensWith(PersistenceProblem.Damaged, "is damaged");
    }

    [Fact]
    public async Task Recovery_FileIsCutShort_IsDamaged()
    {
        await FillAsync();
        using (FileStream file = new(Database, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.Equal("not recovered: Damaged", await RecoverAsync());
    }

    [Fact]
    public async Task Recovery_OneByteOfTheNewestSnapshotIsWrong_UsesTheOneBefore()
    {
        await FillAsync();
        ChangeTextOf("""{"total":3""");
        Assert.Equal("damaged 3, snapshot 2, event 1, completed", await RecoverAsync());
    }

    [Fact]
    public async Task ReadSnapshot_PagesOfTheNewestAreOverwritten_GivesTheOneBefore()
    {
        StoredRecord old = new("a", 1, DateTimeOffset.UnixEpoch, "text", 1, new string('o', 100_000));
        StoredRecord newest = old with { Sequence = 2, Json = new string('n', 100_000) };
        await using (SqlStore store = SqlStore.At(Database))
        {
            await _kit.System.RunAsync(async _ =>
            {
                await store.SaveSnapshotAsync(old, 2);
                await store.SaveSnapshotAsync(newest, 2);
            });
        }

        const int Page = 4096;
        int text = File.ReadAllBytes(Database).AsSpan().IndexOf(Encoding.UTF8.GetBytes(new string('n', Page / 2)));
        Overwrite((text / Page * Page) + (3 * Page), [.. Enumerable.Repeat((byte)0xA5, 2 * Page)]); // With where they say that the next page is.

        await using SqlStore again = SqlStore.At(Database);
        SnapshotReading reading = await _kit.System.RunAsync(_ => again.ReadSnapshotAsync("a"));
        Assert.Equal(old, reading.Snapshot);
        Assert.Equal(2, Assert.Single(reading.Damaged).Snapshot.Sequence);
    }

    [Fact]
    public async Task Recovery_OneByteOfAnEventIsWrong_IsDamaged()
    {
        await FillAsync(snapshots: 0);
        ChangeTextOf("""{"amount":1""");
        Assert.Equal("not recovered: Damaged", await RecoverAsync());
    }

    [SkippableFact]
    public async Task Open_ReadOnlyFolder_IsDenied()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.Combine(_folder.Path, "disk"), megabytes: 1);
        disk.MakeReadOnly();
        await AssertOpensWith(PersistenceProblem.Denied, "may this user write to it", Path.Combine(disk.Path, "checkpoints.db"));
    }

    [Fact]
    public async Task Open_FolderIsAFile_IsDenied()
    {
        await File.WriteAllTextAsync(Database, "a file");
        await AssertOpensWith(PersistenceProblem.Denied, "Is its folder there", Path.Combine(Database, "inside.db"));
    }

    [SkippableFact]
    public async Task SaveSnapshot_DiskIsFull_ActorHearsItAndGoesOnWhenThereIsRoom()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.Combine(_folder.Path, "disk"), megabytes: 2);
        await using SqlStore store = SqlStore.At(Path.Combine(disk.Path, "checkpoints.db"));
        TestProbe probe = _kit.CreateTestProbe();
        IActorRef counter = _kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        await _kit.System.AskAsync<Answer>(counter, new Add(1), TestKit.DefaultPatience);
        disk.Fill();

        SaveSnapshotFailure failure;
        do
        {
            counter.Tell(new TakeSnapshot()); // The file's last block may have room for some.
            failure = probe.ExpectMsg<object>() as SaveSnapshotFailure ?? new SaveSnapshotFailure(new("", 0, default), new InvalidOperationException());
        }
        while (failure.Cause is not PersistenceException);

        Assert.Equal(PersistenceProblem.Full, ((PersistenceException)failure.Cause).Problem);
        disk.MakeRoom();
        counter.Tell(new TakeSnapshot());
        Assert.Equal(1, probe.ExpectMsg<SaveSnapshotSuccess>().Metadata.Sequence);
        Assert.Equal(2, (await _kit.System.AskAsync<Answer>(counter, new Add(1), TestKit.DefaultPatience)).LastSequence);
    }

    [Fact]
    public async Task Append_AnotherProcessHoldsTheLock_IsUnavailableUntilItLetsGo()
    {
        var dialect = new SqliteDialect(Database, lockPatience: TimeSpan.FromSeconds(1));
        await using var store = new SqlStore(dialect);
        await _kit.System.RunAsync(_ => store.OpenAsync());
        StoredRecord added = new("a", 1, DateTimeOffset.UnixEpoch, "added", 1, "{}");
        using (DbConnection other = dialect.Connect())
        {
            other.Execute("BEGIN EXCLUSIVE");
            PersistenceException error = await Assert.ThrowsAsync<PersistenceException>(() => _kit.System.RunAsync(_ => store.AppendAsync([added])));
            Assert.True(error.IsTransient);
            Assert.Contains("is locked by another process", error.Message);
        }

        await _kit.System.RunAsync(_ => store.AppendAsync([added]));
    }

    [Fact]
    public async Task Open_SchemaOfANewerProgram_IsRefused()
    {
        await using (var newer = new SqlStore(new SqliteDialect(Database), SqlSchema.Current.Then("ALTER TABLE simulation_events ADD COLUMN note TEXT")))
        {
            await _kit.System.RunAsync(_ => newer.OpenAsync());
        }

        await AssertOpensWith(PersistenceProblem.Unknown, "has schema version 2; this program knows it up to version 1");
    }

    [Fact]
    public async Task Open_SchemaOfAnOlderProgram_IsBroughtUpToDate()
    {
        await FillAsync();
        await using var newer = new SqlStore(new SqliteDialect(Database), SqlSchema.Current.Then("ALTER TABLE simulation_events ADD COLUMN note TEXT DEFAULT 'x'"));
        IActorRef counter = _kit.ActorOf(Counter.Props(Counter.Services(newer)));
        Assert.Equal(3, (await _kit.System.AskAsync<Answer>(counter, new Get(), TestKit.DefaultPatience)).LastSequence);
        using DbConnection look = new SqliteDialect(Database).Connect();
        Assert.Equal("x", look.Scalar("SELECT note FROM simulation_events WHERE sequence = 3"));
    }

    [Fact]
    public async Task Calls_OfAnActor_BlockNoThreadThatRunsActors()
    {
        var dialect = new ThreadWatchingDialect(Database);
        await using var store = new SqlStore(dialect);
        await _kit.System.RunAsync(_ => store.OpenAsync());
        Assert.False(dialect.WasOnThePool);
    }

    /// <summary>Three events of one each, with a snapshot after each that is wanted; then everything is closed.</summary>
    private async Task FillAsync(int snapshots = 3)
    {
        await using SqlStore store = SqlStore.At(Database);
        await using TestKit kit = TestKit.Real();
        TestProbe probe = kit.CreateTestProbe();
        IActorRef counter = kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            await kit.System.AskAsync<Answer>(counter, new Add(1), TestKit.DefaultPatience);
            if (sequence <= snapshots)
            {
                counter.Tell(new TakeSnapshot());
                probe.ExpectMsg<SaveSnapshotSuccess>();
            }
        }
    }

    /// <returns>What came back, or why not.</returns>
    private async Task<string> RecoverAsync()
    {
        await using SqlStore store = SqlStore.At(Database);
        TestProbe probe = _kit.CreateTestProbe();
        IActorRef counter = _kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        probe.Send(counter, new Get());
        return probe.ExpectMsg<object>() switch
        {
            Answer answer => answer.Recovered,
            object told => $"{told}",
        };
    }

    private async Task AssertOpensWith(PersistenceProblem problem, string message, string? file = null)
    {
        await using SqlStore store = SqlStore.At(file ?? Database);
        PersistenceException error = await Assert.ThrowsAsync<PersistenceException>(() => _kit.System.RunAsync(_ => store.OpenAsync()));
        Assert.Equal(problem, error.Problem);
        Assert.StartsWith(file ?? Database, error.Message);
        Assert.Contains(message, error.Message);
    }

    private void Overwrite(long offset, byte[] bytes)
    {
        using FileStream file = new(Database, FileMode.Open);
        file.Position = offset;
        file.Write(bytes);
    }

    /// <summary>Its last character becomes another one, wherever it is in the file.</summary>
    private void ChangeTextOf(string text)
    {
        int at = File.ReadAllBytes(Database).AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(text));
        Assert.True(at >= 0, $"{text} is not in the file");
        Overwrite(at + text.Length - 1, "9"u8.ToArray());
    }

    /// <summary>Looks where it is called.</summary>
    private sealed class ThreadWatchingDialect(string file) : SqlDialect
    {
        private readonly SqliteDialect _dialect = new(file);

        public bool? WasOnThePool { get; private set; }

        public override string Location => _dialect.Location;

        protected override string Begin => "BEGIN IMMEDIATE";

        public override DbConnection Connect()
        {
            WasOnThePool = Thread.CurrentThread.IsThreadPoolThread;
            return _dialect.Connect();
        }

        public override void LockSchema(DbConnection connection) => _dialect.LockSchema(connection);

        public override PersistenceException Explain(Exception error) => _dialect.Explain(error);
    }
}
