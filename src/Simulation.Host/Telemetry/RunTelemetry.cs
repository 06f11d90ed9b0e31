using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.View;

namespace Simulation.Host.Telemetry;

/// <summary>
/// The instruments of a run and the two ways out: <c>/metrics</c>, from before the run begins until a while after its end, and OTLP while
/// the run goes on.
/// </summary>
internal sealed class RunTelemetry : IAsyncDisposable
{
    private readonly MetricsSection _options;
    private readonly MetricCollector _collector;
    private readonly MetricsEndpoint? _endpoint;
    private readonly string _runId;

    private RunTelemetry(MetricsSection options, RunInstruments instruments, string runId)
    {
        _options = options;
        _runId = runId;
        Instruments = instruments;
        _collector = new MetricCollector(instruments.Meter, new KeyValuePair<string, object?>("run_id", runId));
        try
        {
            _endpoint = options.Prometheus.Enabled ? MetricsEndpoint.Start(options.Prometheus.Host, options.Prometheus.Port, _collector.Write) : null;
        }
        catch
        {
            _collector.Dispose();
            instruments.Dispose();
            throw;
        }
    }

    public RunInstruments Instruments { get; }

    /// <summary>Null when <c>/metrics</c> is not served.</summary>
    public string? Url => _endpoint?.Url;

    /// <param name="options">What to serve, and where.</param>
    /// <param name="runId">A label of every series.</param>
    /// <param name="info">More labels of <c>simulation_run_info</c>.</param>
    /// <exception cref="CommandLine.UserErrorException">The port or the address cannot be had.</exception>
    public static RunTelemetry Start(MetricsSection options, string runId, IReadOnlyDictionary<string, string> info) =>
        new(options, new RunInstruments(info, options.PerPartition), runId);

    /// <summary>Tells where the metrics are, and begins to send them where that is wanted.</summary>
    /// <param name="log">Told, and warned when they cannot be sent.</param>
    /// <returns>Disposed of, it sends what there is then, and no more; null when nothing is sent.</returns>
    public IDisposable? Begin(RunLog log)
    {
        if (_endpoint is not null)
        {
            log.Info($"Metrics at {_endpoint.Url}");
        }

        if (_options.Otlp.Endpoint is not { } endpoint)
        {
            return null;
        }

        log.Info($"Metrics go to {endpoint}");
        return OtlpExport.Start(_options.Otlp, _runId, log.Warning);
    }

    /// <summary>The run is over: from now on the totals are those of the verdict.</summary>
    /// <param name="verdict">Null when there is none.</param>
    public void Conclude(Verdict? verdict)
    {
        if (verdict is not null)
        {
            Instruments.Conclude(verdict);
        }
    }

    /// <summary>Stays for a last read, when there has been one before. Who never came does not come now.</summary>
    /// <param name="say">Told that it stays.</param>
    /// <param name="enough">Ends it before its time.</param>
    public async Task LingerAsync(Action<string> say, CancellationToken enough)
    {
        if (_endpoint is not { Reads: > 0 } || _options.Linger == TimeSpan.Zero)
        {
            return;
        }

        say($"Metrics stay at {_endpoint.Url} for {Kernel.Duration.Format(_options.Linger)} (metrics.linger), for a last read; Ctrl-C ends that.");
        await Task.Delay(_options.Linger, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
        }

        _collector.Dispose();
        Instruments.Dispose();
    }
}
