using System.Data.Common;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Scenes;

internal abstract class SqlScene(SqlDialect dialect) : StoreScene(TestKit.Real())
{
    public SqlDialect Dialect => dialect;

    public override IPersistenceStore Open() => new SqlStore(dialect);

    public override void DamageNewestSnapshot(string persistenceId)
    {
        using DbConnection connection = dialect.Connect();
        connection.Execute(
            """
            UPDATE simulation_snapshots SET body = body || ' ' WHERE persistence_id = @id AND (sequence, at) =
            (SELECT sequence, at FROM simulation_snapshots WHERE persistence_id = @id ORDER BY sequence DESC, at DESC LIMIT 1)
            """,
            ("id", persistenceId));
    }
}
