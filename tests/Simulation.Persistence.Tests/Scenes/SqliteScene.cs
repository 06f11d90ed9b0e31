using Simulation.TestServers;

namespace Simulation.Persistence.Tests.Scenes;

internal sealed class SqliteScene : SqlScene
{
    private readonly TestFolder _folder;

    public SqliteScene()
        : this(new TestFolder())
    {
    }

    private SqliteScene(TestFolder folder)
        : base(new SqliteDialect(Path.Combine(folder.Path, "checkpoints.db"))) => _folder = folder;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
