using Simulation.Persistence.Tests.Scenes;

namespace Simulation.Persistence.Tests.Contract;

public sealed class SqliteContractTests : StoreContract
{
    protected override Task<StoreScene> SetAsync() => Task.FromResult<StoreScene>(new SqliteScene());
}

public sealed class VirtualContractTests : StoreContract
{
    protected override Task<StoreScene> SetAsync() => Task.FromResult<StoreScene>(new VirtualScene());
}

[Collection(PostgresFixture.Collection)]
public sealed class PostgresContractTests(PostgresFixture postgres) : StoreContract
{
    protected override async Task<StoreScene> SetAsync() => await PostgresScene.OnAsync(await postgres.GetAsync());
}
