using Simulation.Nats.Embedded;

namespace Simulation.TestServers.Tests.Proxy;

/// <summary>One real server for all tests of a class.</summary>
public sealed class ServerFixture : IAsyncDisposable, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private EmbeddedNatsServer? _server;

    /// <summary>Starts it at the first call; skips the test when it cannot be had.</summary>
    public async Task<Uri> UrlAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _server ??= await EmbeddedNatsServer.StartAsync(new EmbeddedNatsServerOptions
            {
                Binary = await TestServerVersions.LocateAsync(TestServerVersions.V210),
                Folder = _folder.Path,
            });
            return new Uri(_server.Url);
        }
        finally
        {
            _starting.Release();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
        _starting.Dispose();
    }
}
