using Simulation.Persistence.Tests.Scenes;
using Simulation.TestServers.Postgres;

namespace Simulation.Persistence.Tests.Contract;

public sealed class SqliteContractTests : StoreContract
{
    protected override Task<StoreScene> SetAsync() => Task.FromResult<StoreScene>(new SqliteScene());
}

public sealed class VirtualContractTests : StoreContract
{
    protected override Task<StoreScene> SetAsync() => Task.FromResult<StoreScene>(new VirtualScene());
}

public sealed class PostgresContractTests : StoreContract
{
    protected override async Task<StoreScene> SetAsync() => await PostgresScene.OnAsync(await SharedPostgres.GetAsync());
}
