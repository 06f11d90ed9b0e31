using System.Globalization;
using Simulation.Host.Configuration;
using Simulation.Host.Configuration.Values;

namespace Simulation.Host.Telemetry;

/// <summary>Warns once of an endpoint that does not take what it is sent. The library itself says nothing, and tries again at the next export.</summary>
/// <param name="options">With an endpoint.</param>
/// <param name="warn">Told.</param>
internal sealed class OtlpWatch(OtlpSection options, Action<string> warn)
{
    private int _warned;

    public void Failed(string why)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            warn($"Metrics cannot be sent to {options.Endpoint} (metrics.otlp.endpoint) by {Words.Spell(options.Protocol)} (metrics.otlp.protocol): {why}. "
                + "The run goes on; sending is tried again each metrics.otlp.interval");
        }
    }
}

/// <summary>Sees what becomes of each export.</summary>
internal sealed class OtlpWatchHandler(OtlpWatch watch) : DelegatingHandler(new SocketsHttpHandler())
{
    private const string GrpcStatus = "grpc-status";
    private const string GrpcMessage = "grpc-message";
    private const string GrpcOk = "0";

    /// <summary>What the library calls for gRPC.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(cancellationToken); // What stands behind the body is known only then.
            Judge(response, ofGrpc: request.Version.Major >= 2);
            return response;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            watch.Failed(Reason(error));
            throw;
        }
    }

    /// <summary>What the library calls for http/protobuf.</summary>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = base.Send(request, cancellationToken);
            Judge(response, ofGrpc: false);
            return response;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            watch.Failed(Reason(error));
            throw;
        }
    }

    private static string Reason(Exception error) => error is OperationCanceledException ? "no answer in time" : error.Message;

    private void Judge(HttpResponseMessage response, bool ofGrpc)
    {
        if (!response.IsSuccessStatusCode)
        {
            watch.Failed(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd());
        }
        else if (ofGrpc && Trailer(response, GrpcStatus) is not GrpcOk)
        {
            watch.Failed($"it answered with gRPC status {Trailer(response, GrpcStatus) ?? "unknown"} ({Uri.UnescapeDataString(Trailer(response, GrpcMessage) ?? "")})");
        }
    }

    /// <summary>Behind the body, or in front of it where there is none.</summary>
    private static string? Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) || response.Headers.TryGetValues(name, out values)
            ? string.Join(',', values)
            : null;
}
