using System.Globalization;

namespace Simulation.Host.Telemetry;

/// <summary>Warns once of an endpoint that does not take what it is sent. The library itself says nothing, and tries again at the next export.</summary>
internal sealed class OtlpWatch(string endpoint, Action<string> warn)
{
    private int _warned;

    public void Failed(string why)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            warn($"Metrics cannot be sent to {endpoint} (metrics.otlp.endpoint): {why}. The run goes on; sending is tried again each metrics.otlp.interval");
        }
    }
}

/// <summary>Sees what becomes of each export.</summary>
internal sealed class OtlpWatchHandler(OtlpWatch watch) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            watch.Failed(Reason(error));
            throw;
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Seen(base.Send(request, cancellationToken));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            watch.Failed(Reason(error));
            throw;
        }
    }

    private static string Reason(Exception error) => error is OperationCanceledException ? "no answer in time" : error.Message;

    private HttpResponseMessage Seen(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            watch.Failed(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd());
        }

        return response;
    }
}
