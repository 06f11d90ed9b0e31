using System.Data.Common;
using Npgsql;

namespace Simulation.Persistence;

/// <summary>A server, which several runs and several machines may share.</summary>
internal sealed class PostgresDialect(NpgsqlConnectionStringBuilder connect) : SqlDialect
{
    /// <summary>Of the advisory lock that whoever looks at the schema holds; any number, as long as it is always the same.</summary>
    private const long SchemaLock = 0x53_49_4d_55_4c_41_54_45;

    public override string Location => $"postgres://{connect.Username}@{connect.Host}:{connect.Port}/{connect.Database}";

    protected override string Begin => "BEGIN";

    public override DbConnection Connect()
    {
        var connection = new NpgsqlConnection(connect.ConnectionString);
        try
        {
            connection.Open();

            // Whatever the server's or the role's default is: without it a confirmed commit may be lost.
            connection.Execute("SET synchronous_commit = on");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override void LockSchema(DbConnection connection) =>
        connection.Execute("SELECT pg_advisory_xact_lock(@key)", ("key", SchemaLock));

    public override PersistenceException Explain(Exception error) => error switch
    {
        PostgresException { SqlState: ['5', '3', '1', '0', '0'] } => Because(PersistenceProblem.Full, "has no room left. Make room on its disk", error),
        PostgresException { SqlState: ['X', 'X', ..] } => Because(
            PersistenceProblem.Damaged, $"is damaged ({error.Message}). Restore it from a backup, or use another database", error),

        // 08 connection, 40 rolled back, 53 no resources, 55 not in that state, 57 ended by an operator: it may go better next time.
        PostgresException { SqlState: ['0', '8', ..] or ['4', '0', ..] or ['5', '3' or '5' or '7', ..] } or NpgsqlException { IsTransient: true } or TimeoutException => Because(
            PersistenceProblem.Unavailable, $"did not answer ({error.Message}). Is the server running, and can it be reached from here", error),
        NpgsqlException => Because(
            PersistenceProblem.Denied, $"refused ({error.Message}). Are user, password and database right, and may this user make tables", error),
        _ => Because(PersistenceProblem.Refused, $"could not be used: {error.Message}", error),
    };

    private PersistenceException Because(PersistenceProblem problem, string what, Exception error) => new(problem, $"{Location} {what}.", error);
}
