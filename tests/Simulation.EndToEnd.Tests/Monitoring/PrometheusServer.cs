using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Monitoring;

/// <summary>A real Prometheus that looks at one address every second, with the rules in docker/.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly System.Diagnostics.Process _process;
    private readonly HttpClient _client;
    private readonly List<string> _said = [];

    private PrometheusServer(ProcessStartInfo start, int port)
    {
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience };
        _process = new System.Diagnostics.Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>Skips the test, with the reason, when there is no Prometheus to be had.</summary>
    /// <param name="folder">For its configuration and data.</param>
    /// <param name="rules">Its rule file.</param>
    /// <param name="target">Where to look, as host and port.</param>
    public static async Task<PrometheusServer> StartAsync(string folder, string rules, string target)
    {
        string program = await PrometheusPackage.ServerAsync();
        string config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config,
            $"""
            global: {"{"}scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s{"}"}
            rule_files: ["{rules}"]
            scrape_configs:
              - job_name: simulation
                static_configs: [{"{"}targets: ["{target}"]{"}"}]
            """);
        int port = FreePort();
        var server = new PrometheusServer(
            new ProcessStartInfo(program, [
                $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder, "prometheus")}", $"--web.listen-address=127.0.0.1:{port}"])
            {
                RedirectStandardError = true,
            },
            port);
        await server.UntilReadyAsync();
        return server;
    }

    /// <returns>The value of each series at this moment.</returns>
    public async Task<JsonElement[]> QueryAsync(string query) => [.. (await AskAsync("query", ("query", query))).GetProperty("result").EnumerateArray()];

    /// <returns>The one value that a query has now.</returns>
    public async Task<double> ValueAsync(string query) =>
        double.Parse(Assert.Single(await QueryAsync(query)).GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);

    /// <returns>Whether a query had any number at any moment in between; NaN is none.</returns>
    public async Task<bool> HasDataAsync(string query, DateTimeOffset from, DateTimeOffset to)
    {
        JsonElement answer = await AskAsync("query_range", ("query", query), ("start", Seconds(from)), ("end", Seconds(to)), ("step", "1"));
        return answer.GetProperty("result").EnumerateArray().Any(series => series.GetProperty("values").EnumerateArray().Any(value => value[1].GetString() != "NaN"));
    }

    /// <summary>All rules, recording and alerting.</summary>
    public async Task<JsonElement[]> RulesAsync() =>
        [.. (await AskAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];

    /// <summary>Waits until a query has data.</summary>
    public async Task UntilDataAsync(string query)
    {
        var waited = Stopwatch.StartNew();
        while ((await QueryAsync(query)).Length == 0)
        {
            Assert.True(waited.Elapsed < Patience, $"no data for {query}");
            await Task.Delay(Pause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _client.Dispose();
    }

    private static string Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task UntilReadyAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            Assert.False(_process.HasExited || waited.Elapsed > Patience, Transcript());
            try
            {
                using HttpResponseMessage ready = await _client.GetAsync("/-/ready");
                if (ready.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(Pause);
        }
    }

    private async Task<JsonElement> AskAsync(string what, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        using HttpResponseMessage response = parameters.Length == 0 ? await _client.GetAsync($"/api/v1/{what}") : await _client.PostAsync($"/api/v1/{what}", form);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.True(answer.RootElement.GetProperty("status").GetString() == "success", $"{string.Join(", ", parameters)}: {answer.RootElement}");
        return answer.RootElement.GetProperty("data").Clone();
    }

    private void Keep(string? line)
    {
        lock (_said)
        {
            _said.Add(line ?? "");
        }
    }

    private string Transcript()
    {
        lock (_said)
        {
            return $"Prometheus did not get ready:\n{string.Join('\n', _said)}";
        }
    }
}
