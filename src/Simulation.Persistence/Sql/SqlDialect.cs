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
    public abstract void LockSchema(DbTransaction transaction);

    /// <summary>What an error of this database means, with its place and what to do about it.</summary>
    public abstract PersistenceException Explain(Exception error);
}
