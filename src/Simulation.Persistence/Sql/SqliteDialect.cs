using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Simulation.Persistence;

/// <summary>A file of its own. Commits go through a write-ahead log that is synchronised before they are confirmed.</summary>
internal sealed class SqliteDialect(string file, TimeSpan? lockPatience = null) : SqlDialect
{
    private const int Busy = 5, Locked = 6, Permission = 3, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, InputOutput = 10, Authorisation = 23, NotADatabase = 26;

    /// <summary>The index of the write-ahead log could not grow.</summary>
    private const int NoRoomForIndex = InputOutput | (19 << 8);

    /// <summary>For a lock that another process holds.</summary>
    private readonly TimeSpan _lockPatience = lockPatience ?? TimeSpan.FromSeconds(5);

    public override string Location => file;

    /// <summary>At once, and not when it first writes: then two that have both read would refuse each other.</summary>
    protected override string Begin => "BEGIN IMMEDIATE";

    public override DbConnection Connect()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Pooling = false,
            DefaultTimeout = (int)_lockPatience.TotalSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();

            // FULL, not NORMAL: in NORMAL a write-ahead log is synchronised only now and then, and a power loss takes confirmed events along.
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override void LockSchema(DbConnection connection)
    {
        // Whoever has begun is the only one that writes.
    }

    public override PersistenceException Explain(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked } => Because(
            PersistenceProblem.Unavailable, $"is locked by another process, and was so for {_lockPatience.TotalSeconds:0} s. End that process, or wait for it", error),
        SqliteException { SqliteErrorCode: Full } or SqliteException { SqliteExtendedErrorCode: NoRoomForIndex } => Because(
            PersistenceProblem.Full, "cannot grow: the disk is full. Make room on it", error),
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => Because(
            PersistenceProblem.Damaged, $"is damaged ({error.Message}). Restore it from a copy, or move it away and begin anew", error),
        SqliteException { SqliteErrorCode: Permission or ReadOnly or CannotOpen or Authorisation } or UnauthorizedAccessException or IOException => Because(
            PersistenceProblem.Denied, $"cannot be opened or written ({error.Message}). Is its folder there, and may this user write to it and to the file", error),
        SqliteException { SqliteErrorCode: InputOutput } => Because(
            PersistenceProblem.Refused, $"could not be read or written ({error.Message}). Is the disk failing, or a quota used up", error),
        _ => Because(PersistenceProblem.Refused, $"could not be used: {error.Message}", error),
    };

    private PersistenceException Because(PersistenceProblem problem, string what, Exception error) => new(problem, $"{file} {what}.", error);
}
