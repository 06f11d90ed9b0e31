using System.Diagnostics;
using System.Net.Sockets;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Connection;

/// <summary>A real server with a configuration of the test's own, which the embedded one does not take.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Process _process;

    private PlainServer(string program, string config)
    {
        string configFile = Path.Combine(_folder.Path, "server.conf");
        string portsFolder = _folder.Path;
        File.WriteAllText(configFile, $"host: 127.0.0.1\nport: -1\nports_file_dir: \"{portsFolder}\"\n{config}\n");
        _process = Process.Start(new ProcessStartInfo(program, ["-c", configFile]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    public string Url { get; private set; } = "";

    public static async Task<PlainServer> StartAsync(string config)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(TestServerVersions.V215);
        var server = new PlainServer(binary.Path, config);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (server.Url.Length == 0)
        {
            server.Url = server.ReadUrl();
            await Task.Delay(10, patience.Token);
        }

        return server;
    }

    public async Task ConnectAsync(NatsOptions options)
    {
        await using ActorSystem system = ActorSystem.Create("test", Dispatchers.Real(), seed: 1);
        using var connector = new NatsConnector(options, system);
        await system.RunAsync(async _ =>
        {
            IJetStreamConnection connection = await connector.ConnectAsync("test");
            Assert.Equal(ConnectionState.Connected, connection.State);
            await connection.CloseAsync();
            Assert.Equal(ConnectionState.Closed, connection.State);
        });
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>The server writes its ports to a file once it listens; empty until then.</summary>
    private string ReadUrl()
    {
        Assert.False(_process.HasExited, "the server refused its configuration");
        string? file = Directory.GetFiles(_folder.Path, "*.ports").FirstOrDefault();
        string text = file is null ? "" : File.ReadAllText(file);
        int at = text.IndexOf("127.0.0.1:", StringComparison.Ordinal);
        int end = at < 0 ? -1 : text.IndexOf('"', at);
        return end < 0 ? "" : $"nats://{text[at..end]}";
    }
}
