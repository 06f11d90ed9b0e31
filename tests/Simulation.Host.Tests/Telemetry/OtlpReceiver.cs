using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Simulation.Host.Tests.Telemetry;

/// <summary>Takes what is sent by OTLP in one of its two protocols, keeps it, and answers as it is told to.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int GrpcPrefix = 5;
    private const string GrpcContent = "application/grpc";

    private readonly WebApplication _server;
    private readonly List<Export> _exports = [];
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(WebApplication server) => _server = server;

    public string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Something has come.</summary>
    public Task Received => _received.Task;

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<Export> Exports
    {
        get
        {
            lock (_exports)
            {
                return [.. _exports];
            }
        }
    }

    /// <summary>Speaks OTLP over HTTP/1.1.</summary>
    /// <param name="status">The answer to all that comes.</param>
    public static Task<OtlpReceiver> OverHttpAsync(int status = StatusCodes.Status200OK) => StartAsync(HttpProtocols.Http1, (receiver, context) => receiver.TakeAsync(context, status));

    /// <summary>Speaks gRPC over HTTP/2, without TLS.</summary>
    /// <param name="status">Of gRPC, in the trailer of all answers; 0 for well.</param>
    /// <param name="detail">In words.</param>
    public static Task<OtlpReceiver> ByGrpcAsync(int status = 0, string detail = "") => StartAsync(HttpProtocols.Http2, (receiver, context) => receiver.TakeCallAsync(context, status, detail));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<OtlpReceiver> StartAsync(HttpProtocols protocol, Func<OtlpReceiver, HttpContext, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = protocol));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.Run(context => answer(receiver, context));
        await receiver._server.StartAsync();
        return receiver;
    }

    private async Task TakeAsync(HttpContext context, int status)
    {
        byte[] body = await BodyAsync(context.Request);
        context.Response.StatusCode = status;
        Keep(context.Request, body);
    }

    /// <summary>One call with one message: a byte that says whether it is compressed, its length, and itself.</summary>
    private async Task TakeCallAsync(HttpContext context, int status, string detail)
    {
        byte[] body = await BodyAsync(context.Request);
        Assert.Equal(0, body[0]);
        Assert.Equal(body.Length - GrpcPrefix, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)));
        context.Response.ContentType = GrpcContent;
        if (status == 0)
        {
            await context.Response.Body.WriteAsync(new byte[GrpcPrefix]); // An empty message: all was taken.
        }

        context.Response.AppendTrailer("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(detail));
        Keep(context.Request, body[GrpcPrefix..]);
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private void Keep(HttpRequest request, byte[] message)
    {
        lock (_exports)
        {
            _exports.Add(new Export(request.Path, request.Protocol, request.ContentType, request.Headers.Authorization, Encoding.Latin1.GetString(message)));
        }

        _received.TrySetResult();
    }

    /// <param name="Path">Where it was sent.</param>
    /// <param name="Protocol">HTTP/1.1 or HTTP/2.</param>
    /// <param name="ContentType">What it says it is.</param>
    /// <param name="Authorization">Who sends it; null when it does not say.</param>
    /// <param name="Message">Protobuf; names and values of attributes are readable in it.</param>
    public sealed record Export(string Path, string Protocol, string? ContentType, string? Authorization, string Message);
}
