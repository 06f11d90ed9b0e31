using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.TestServers;
using System.Diagnostics;
using System.Text;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Somebody else's server, configured as the test likes, and an administrator's look at it.</summary>
internal sealed class OtherServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = new();
    private readonly System.Diagnostics.Process _process;
    private readonly ActorSystem _system = ActorSystem.Create("administrator", Dispatchers.Real(), seed: 1);
    private readonly Lazy<NatsConnector> _connector;

    private OtherServer(string program, string config)
    {
        string configFile = Path.Combine(_folder.Path, "server.conf");
        File.WriteAllText(configFile, $"host: 127.0.0.1\nport: -1\nports_file_dir: \"{_folder.Path}\"\n{config.Replace("STORE", _folder.Path)}\n");
        _process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, ["-c", configFile]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _connector = new(() => new NatsConnector(new NatsOptions { Url = Url }, _system));
    }

    /// <summary>Configuration: JetStream for everybody.</summary>
    public static string WithJetStream => "jetstream { store_dir: \"STORE\" }";

    public static string WithoutJetStream => "";

    /// <summary>With the credentials that the test's configuration knows, if it knows any.</summary>
    public string Url { get; private set; } = "";

    public int ProcessId => _process.Id;

    public static async Task<OtherServer> StartAsync(string config, string version = TestServerVersions.V215, string credentials = "")
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        var server = new OtherServer(binary.Path, config);
        using var patience = new CancellationTokenSource(Patience);
        while (server.ReadAddress() is not { } address || address.Length == 0)
        {
            Assert.False(server._process.HasExited, "the server refused its configuration");
            await Task.Delay(10, patience.Token);
        }

        server.Url = $"nats://{credentials}{server.ReadAddress()}";
        return server;
    }

    public Task ManageAsync(Func<IJetStreamConnection, ActorTask> work) => _system.RunAsync(async _ =>
    {
        IJetStreamConnection connection = await _connector.Value.ConnectAsync("administrator");
        await work(connection);
        await connection.CloseAsync();
    });

    /// <returns>The streams, buckets among them, with how many messages they hold, in order of name.</returns>
    public async Task<string> StreamsAsync()
    {
        string streams = "";
        await ManageAsync(async connection => streams = string.Join(
            ", ", (await connection.ListStreamsAsync()).OrderBy(stream => stream.Config.Name, StringComparer.Ordinal).Select(stream => stream.Config.Name)));
        return streams;
    }

    public Task CreateStreamAsync(string name, string subject) =>
        ManageAsync(async connection => await connection.CreateStreamAsync(new StreamConfig { Name = name, Subjects = [subject] }));

    public Task PublishAsync(string subject, string text) => ManageAsync(async connection =>
    {
        PublishOutcome outcome = await connection.PublishAsync(new PublishMessage { Subject = Encoding.UTF8.GetBytes(subject), Payload = Encoding.UTF8.GetBytes(text) });
        Assert.True(outcome.IsAcknowledged, $"{outcome}");
    });

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connector.IsValueCreated)
        {
            _connector.Value.Dispose();
        }

        await _system.DisposeAsync();
        await KillAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>The server writes its ports to a file once it listens; null or empty until then.</summary>
    private string? ReadAddress()
    {
        string? file = Directory.GetFiles(_folder.Path, "*.ports").FirstOrDefault();
        string text = file is null ? "" : File.ReadAllText(file);
        int at = text.IndexOf("127.0.0.1:", StringComparison.Ordinal);
        int end = at < 0 ? -1 : text.IndexOf('"', at);
        return end < 0 ? null : text[at..end];
    }
}
