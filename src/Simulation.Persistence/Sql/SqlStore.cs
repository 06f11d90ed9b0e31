using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>
/// Events and snapshots in a SQL database, for any number of persistence ids: a SQLite file, or a PostgreSQL server that several machines share.
/// Everything is a transaction of its own. After an error the connection is given up, and the next call opens another one.
/// </summary>
public sealed class SqlStore : IPersistenceStore
{
    private readonly SqlDialect _dialect;
    private readonly SqlSchema _schema;
    private readonly StoreThread _thread;

    /// <summary>Tells what this store has written from what another process has, which must not happen.</summary>
    private readonly string _writer = Guid.NewGuid().ToString();

    private DbConnection? _connection;

    internal SqlStore(SqlDialect dialect, SqlSchema? schema = null)
    {
        _dialect = dialect;
        _schema = schema ?? SqlSchema.Current;
        _thread = new StoreThread("persistence");
    }

    public string Location => _dialect.Location;

    /// <summary>
    /// Nothing is opened yet: the first call does that, or <see cref="OpenAsync"/>. Dispose it, and what was asked for is done before it closes.
    /// </summary>
    /// <param name="location">A path of a SQLite file, made if it is not there; or <c>postgres://user:password@host:port/database</c>.</param>
    /// <exception cref="PersistenceException"><see cref="PersistenceProblem.Location"/>: the URL says what cannot be understood.</exception>
    public static SqlStore At(string location) =>
        new(PostgresUrl.Is(location) ? new PostgresDialect(PostgresUrl.Parse(location)) : new SqliteDialect(location));

    /// <summary>Opens the database, and makes or updates its tables: whether it can be used is known after this.</summary>
    public async ActorTask OpenAsync() => await DoAsync(_ => true);

    public async ActorTask AppendAsync(ImmutableArray<StoredRecord> events) => await DoAsync(connection => _dialect.InTransaction(connection, () =>
    {
        foreach (StoredRecord stored in events)
        {
            Append(connection, stored);
        }

        return true;
    }));

    public ActorTask<ImmutableArray<StoredRecord>> ReadEventsAsync(string persistenceId, long fromSequence, int most) => DoAsync(connection =>
    {
        List<Row> rows = connection.Query(
            """
            SELECT persistence_id, sequence, at, type, version, checksum, body FROM simulation_events
            WHERE persistence_id = @id AND sequence >= @from ORDER BY sequence LIMIT @most
            """,
            Row.Read,
            ("id", persistenceId), ("from", fromSequence), ("most", most));
        return rows.Select(row => row.IsIntact ? row.Record : throw Damaged($"event {row.Record.Sequence} of '{persistenceId}' in {Location} is not what was written")).ToImmutableArray();
    });

    public async ActorTask DeleteEventsAsync(string persistenceId, long toSequence) => await DoAsync(connection => connection.Execute(
        """
        DELETE FROM simulation_events WHERE persistence_id = @id AND sequence <= @to
        AND sequence < (SELECT MAX(sequence) FROM simulation_events WHERE persistence_id = @id)
        """,
        ("id", persistenceId), ("to", toSequence)));

    public ActorTask<long> SaveSnapshotAsync(StoredRecord snapshot, int keep) => DoAsync(connection => _dialect.InTransaction(connection, () =>
    {
        connection.Execute(
            """
            INSERT INTO simulation_snapshots (persistence_id, sequence, at, type, version, checksum, body)
            VALUES (@id, @sequence, @at, @type, @version, @checksum, @body)
            ON CONFLICT (persistence_id, sequence, at) DO UPDATE
            SET type = excluded.type, version = excluded.version, checksum = excluded.checksum, body = excluded.body
            """,
            Row.Of(snapshot));
        connection.Execute(
            """
            DELETE FROM simulation_snapshots WHERE persistence_id = @id AND (sequence, at) <
            (SELECT sequence, at FROM simulation_snapshots WHERE persistence_id = @id ORDER BY sequence DESC, at DESC LIMIT 1 OFFSET @others)
            """,
            ("id", snapshot.PersistenceId), ("others", keep - 1));
        return Number(connection.Scalar("SELECT MIN(sequence) FROM simulation_snapshots WHERE persistence_id = @id", ("id", snapshot.PersistenceId)));
    }));

    public ActorTask<SnapshotReading> ReadSnapshotAsync(string persistenceId) => DoAsync(connection =>
    {
        // The keys come from an index: they can be read when the row cannot.
        List<(long Sequence, string At)> keys = connection.Query(
            "SELECT sequence, at FROM simulation_snapshots WHERE persistence_id = @id ORDER BY sequence DESC, at DESC",
            reader => (reader.GetInt64(0), reader.GetString(1)),
            ("id", persistenceId));
        ImmutableArray<SnapshotDamaged>.Builder damaged = ImmutableArray.CreateBuilder<SnapshotDamaged>();
        foreach ((long sequence, string at) in keys)
        {
            if (TryReadSnapshot(connection, persistenceId, sequence, at, out string reason) is { } snapshot)
            {
                return new SnapshotReading(snapshot, damaged.ToImmutable());
            }

            damaged.Add(new SnapshotDamaged(new SnapshotMetadata(persistenceId, sequence, Row.Time(at)), reason));
        }

        return new SnapshotReading(null, damaged.ToImmutable());
    });

    public async ActorTask DeleteSnapshotsAsync(string persistenceId, long toSequence) => await DoAsync(connection => connection.Execute(
        "DELETE FROM simulation_snapshots WHERE persistence_id = @id AND sequence <= @to", ("id", persistenceId), ("to", toSequence)));

    public ActorTask<ImmutableArray<PersistenceSummary>> ListAsync() => DoAsync(connection =>
    {
        List<PersistenceSummary> parts = connection.Query(
            """
            SELECT persistence_id, MAX(sequence), COUNT(*), 0, MAX(at), SUM(LENGTH(body)) FROM simulation_events GROUP BY persistence_id
            UNION ALL
            SELECT persistence_id, MAX(sequence), 0, COUNT(*), MAX(at), SUM(LENGTH(body)) FROM simulation_snapshots GROUP BY persistence_id
            """,
            reader => new PersistenceSummary(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), Row.Time(reader.GetString(4)), reader.GetInt64(5)));
        return parts.GroupBy(part => part.PersistenceId, (id, of) => of.Aggregate((a, b) => new PersistenceSummary(
            id, Math.Max(a.LastSequence, b.LastSequence), a.Events + b.Events, a.Snapshots + b.Snapshots, a.LastAt > b.LastAt ? a.LastAt : b.LastAt, a.Bytes + b.Bytes)))
            .OrderBy(summary => summary.PersistenceId, StringComparer.Ordinal).ToImmutableArray();
    });

    public async ActorTask RemoveAsync(string persistenceId) => await DoAsync(connection => _dialect.InTransaction(connection, () =>
        connection.Execute("DELETE FROM simulation_events WHERE persistence_id = @id", ("id", persistenceId))
        + connection.Execute("DELETE FROM simulation_snapshots WHERE persistence_id = @id", ("id", persistenceId))));

    public ValueTask DisposeAsync() => _thread.EndAsync(GiveUpConnection);

    private ActorTask<T> DoAsync<T>(Func<DbConnection, T> work) =>
        _thread.TryRun(() => Do(work), out ActorTask<T> result) ? result : ActorTask.FromException<T>(Errors.Closed(Location));

    private T Do<T>(Func<DbConnection, T> work)
    {
        try
        {
            return work(_connection ??= Open());
        }
        catch (Exception error) when (error is not PersistenceException)
        {
            GiveUpConnection();
            throw _dialect.Explain(error);
        }
    }

    private DbConnection Open()
    {
        DbConnection connection = _dialect.Connect();
        try
        {
            _schema.Migrate(connection, _dialect);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void GiveUpConnection()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (DbException)
        {
            // It was of no use any more; what its end has to say is not news.
        }

        _connection = null;
    }

    /// <summary>There already and ours: an earlier try had come through after all.</summary>
    private void Append(DbConnection connection, StoredRecord stored)
    {
        int inserted = connection.Execute(
            """
            INSERT INTO simulation_events (persistence_id, sequence, at, type, version, writer, checksum, body)
            VALUES (@id, @sequence, @at, @type, @version, @writer, @checksum, @body)
            ON CONFLICT (persistence_id, sequence) DO NOTHING
            """,
            [.. Row.Of(stored), ("writer", _writer)]);
        if (inserted > 0)
        {
            return;
        }

        (string writer, string checksum) = connection.Query(
            "SELECT writer, checksum FROM simulation_events WHERE persistence_id = @id AND sequence = @sequence",
            reader => (reader.GetString(0), reader.GetString(1)),
            ("id", stored.PersistenceId), ("sequence", stored.Sequence)).Single();
        if (writer != _writer || checksum != Checksum.Of(stored))
        {
            throw Errors.Conflict(stored, Location, isOwn: writer == _writer);
        }
    }

    private StoredRecord? TryReadSnapshot(DbConnection connection, string persistenceId, long sequence, string at, out string reason)
    {
        try
        {
            Row row = connection.Query(
                """
                SELECT persistence_id, sequence, at, type, version, checksum, body FROM simulation_snapshots
                WHERE persistence_id = @id AND sequence = @sequence AND at = @at
                """,
                Row.Read,
                ("id", persistenceId), ("sequence", sequence), ("at", at)).Single();
            reason = "its checksum is wrong";
            return row.IsIntact ? row.Record : null;
        }
        catch (DbException error) when (_dialect.Explain(error) is { Problem: PersistenceProblem.Damaged })
        {
            reason = error.Message;
            return null;
        }
    }

    private static PersistenceException Damaged(string what) =>
        new(PersistenceProblem.Damaged, $"{what}. Restore the database from a copy, or begin anew.");

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private readonly record struct Row(StoredRecord Record, string Checksum)
    {
        public bool IsIntact => Checksum == Persistence.Checksum.Of(Record);

        public static Row Read(DbDataReader reader) => new(
            new StoredRecord(reader.GetString(0), reader.GetInt64(1), Time(reader.GetString(2)), reader.GetString(3), reader.GetInt32(4), reader.GetString(6)),
            reader.GetString(5));

        public static (string Name, object Value)[] Of(StoredRecord record) =>
        [
            ("id", record.PersistenceId),
            ("sequence", record.Sequence),
            ("at", record.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("type", record.Type),
            ("version", record.Version),
            ("checksum", Persistence.Checksum.Of(record)),
            ("body", record.Json),
        ];

        public static DateTimeOffset Time(string at) => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
    }
}
