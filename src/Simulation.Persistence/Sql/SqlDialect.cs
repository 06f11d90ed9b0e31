using System.Data.Common;

namespace Simulation.Persistence;

/// <summary>What one database does otherwise than the other. The statements themselves are the same.</summary>
internal abstract class SqlDialect
{
    /// <summary>For people: without a password.</summary>
    public abstract string Location { get; }

    /// <summary>A new connection, open, on which a commit is confirmed when it would survive a power loss.</summary>
    public abstract DbConnection Connect();

    /// <summary>Called in a transaction that looks at the schema: others who would do so wait until it ends.</summary>
    public abstract void LockSchema(DbConnection connection);

    /// <summary>What an error of this database means, with its place and what to do about it.</summary>
    public abstract PersistenceException Explain(Exception error);

    /// <summary>
    /// All of it, or nothing. By statements and not by the library's transaction: SQLite's commit rolls back by itself on a full disk, and
    /// that object then can neither be rolled back nor let its connection be closed.
    /// </summary>
    public T InTransaction<T>(DbConnection connection, Func<T> work)
    {
        connection.Execute(Begin);
        try
        {
            T result = work();
            connection.Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack(connection);
            throw;
        }
    }

    /// <summary>Begins a transaction that will write.</summary>
    protected abstract string Begin { get; }

    private static void RollBack(DbConnection connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // It has rolled back already, or is gone. What led here is the error to tell.
        }
    }
}
