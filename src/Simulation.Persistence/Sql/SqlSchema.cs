using System.Data.Common;
using System.Globalization;

namespace Simulation.Persistence;

/// <summary>The tables, made and brought up to date by whoever opens the database first. A step once released never changes.</summary>
internal sealed class SqlSchema(params string[] steps)
{
    /// <summary>Times are texts in one form of one length (ISO 8601, UTC), in the order of time, and the same in both databases.</summary>
    public static SqlSchema Current { get; } = new(
        """
        CREATE TABLE simulation_events (
          persistence_id TEXT NOT NULL,
          sequence BIGINT NOT NULL,
          at TEXT NOT NULL,
          type TEXT NOT NULL,
          version INTEGER NOT NULL,
          writer TEXT NOT NULL,
          checksum TEXT NOT NULL,
          body TEXT NOT NULL,
          PRIMARY KEY (persistence_id, sequence)
        );
        CREATE TABLE simulation_snapshots (
          persistence_id TEXT NOT NULL,
          sequence BIGINT NOT NULL,
          at TEXT NOT NULL,
          type TEXT NOT NULL,
          version INTEGER NOT NULL,
          checksum TEXT NOT NULL,
          body TEXT NOT NULL,
          PRIMARY KEY (persistence_id, sequence, at)
        );
        """);

    public SqlSchema Then(string step) => new([.. steps, step]);

    public void Migrate(DbConnection connection, SqlDialect dialect) => dialect.InTransaction(connection, () =>
    {
        dialect.LockSchema(connection);
        connection.Execute("CREATE TABLE IF NOT EXISTS simulation_schema (version INTEGER NOT NULL)");
        int version = Convert.ToInt32(connection.Scalar("SELECT COALESCE(MAX(version), 0) FROM simulation_schema"), CultureInfo.InvariantCulture);
        if (version > steps.Length)
        {
            throw new PersistenceException(
                PersistenceProblem.Unknown,
                $"{dialect.Location} has schema version {version}; this program knows it up to version {steps.Length}. Use the version of the program that made it, or a newer one.");
        }

        for (; version < steps.Length; version++)
        {
            connection.Execute(steps[version]);
            connection.Execute("INSERT INTO simulation_schema (version) VALUES (@version)", ("version", version + 1));
        }

        return version;
    });
}
