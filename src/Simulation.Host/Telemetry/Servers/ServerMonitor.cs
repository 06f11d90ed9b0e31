using System.Collections.Immutable;
using System.Text.Json;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Telemetry;

/// <summary>Asks the run's own servers every few seconds how they are. One that is down, or stands still, is told as such.</summary>
internal sealed class ServerMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly EmbeddedNatsCluster _cluster;
    private readonly RunInstruments _instruments;
    private readonly HttpClient _client = new() { Timeout = Patience };
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    private ServerMonitor(EmbeddedNatsCluster cluster, RunInstruments instruments)
    {
        (_cluster, _instruments) = (cluster, instruments);
        _watching = WatchAsync();
    }

    public static ServerMonitor Start(EmbeddedNatsCluster cluster, RunInstruments instruments) => new(cluster, instruments);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                _instruments.ShowServers([.. await Task.WhenAll(_cluster.Servers.Select(ReadAsync))]);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task<ServerReading> ReadAsync(EmbeddedNatsServer server)
    {
        JsonElement? varz = await AskAsync($"{server.MonitorUrl}/varz");
        JsonElement? jsz = await AskAsync($"{server.MonitorUrl}/jsz");
        bool isUp = varz is not null;
        return new ServerReading(
            server.Name, server.Incarnation, varz, jsz, isUp ? Entries(server.ProcessId, "fd") : null, isUp ? Entries(server.ProcessId, "task") : null);
    }

    private async Task<JsonElement?> AskAsync(string url)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(await _client.GetByteArrayAsync(url, _stopping.Token));
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is OperationCanceledException && !_stopping.IsCancellationRequested))
        {
            return null;
        }
    }

    private static int? Entries(int process, string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{process}/{folder}").Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // Not Linux, or gone meanwhile.
        }
    }
}
