using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Telemetry;

/// <summary>
/// Serves <c>GET /metrics</c>, one request a connection. A listener of our own because the framework's either cannot take
/// port 0 or brings a web server: see docs/decisions/prometheus-text.md.
/// </summary>
internal sealed class MetricsEndpoint : IAsyncDisposable
{
    private const int LongestRequest = 8192;
    private const string PlainText = "text/plain; charset=utf-8";

    /// <summary>For one request. Callers are served one after another, so nobody may take long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener;
    private readonly Action<ExpositionFormat, IBufferWriter<byte>> _write;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Used again for every answer: a new one each time, of a size that only a full collection gives back, would look like a leak.</summary>
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Task _serving;
    private long _reads;

    private MetricsEndpoint(TcpListener listener, Action<ExpositionFormat, IBufferWriter<byte>> write)
    {
        _listener = listener;
        _write = write;
        _serving = ServeAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/metrics";

    /// <summary>How often somebody has read the metrics.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <param name="host">An IP address, or localhost.</param>
    /// <param name="port">0 for any free one.</param>
    /// <param name="write">Writes the text, in UTF-8.</param>
    /// <exception cref="UserErrorException">The port or the address cannot be had.</exception>
    public static MetricsEndpoint Start(string host, int port, Action<ExpositionFormat, IBufferWriter<byte>> write)
    {
        if (!IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out IPAddress? address))
        {
            throw new UserErrorException(ExitCode.Configuration, $"metrics.prometheus.host: '{host}' is not an IP address such as 127.0.0.1");
        }

        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException error)
        {
            listener.Dispose();
            string reason = error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "the port is in use" : error.Message;
            throw new UserErrorException(
                ExitCode.Unavailable,
                $"/metrics cannot be served on {host}:{port}: {reason}; choose another with metrics.prometheus.port (0 for any free one), "
                    + "or do without: --set metrics.prometheus.enabled=false",
                error);
        }

        return new MetricsEndpoint(listener, write);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A caller that went away, or was too slow, or the end: the loop's condition knows.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        patience.CancelAfter(Patience);
        string[] head = await ReadHeadAsync(stream, patience.Token);
        string[] request = head[0].Split(' ');
        _body.ResetWrittenCount();
        (string status, string contentType) = request switch
        {
            ["GET" or "HEAD", var path, _] when path.Split('?')[0] == "/metrics" => Metrics(HeaderOf(head, "Accept")),
            ["GET" or "HEAD", "/", _] => Text("200 OK", "The metrics are at /metrics.\n"),
            ["GET" or "HEAD", _, _] => Text("404 Not Found", "Only /metrics is here.\n"),
            [_, _, _] => Text("405 Method Not Allowed", "Only GET and HEAD.\n"),
            _ => Text("400 Bad Request", "That is not HTTP.\n"),
        };
        string answer = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {contentType}\r\nContent-Length: {_body.WrittenCount}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), patience.Token);
        if (request[0] != "HEAD")
        {
            await stream.WriteAsync(_body.WrittenMemory, patience.Token);
        }
    }

    private (string Status, string ContentType) Metrics(string accept)
    {
        Interlocked.Increment(ref _reads);
        ExpositionFormat format = ExpositionFormat.For(accept);
        _write(format, _body);
        return ("200 OK", format.ContentType);
    }

    private (string Status, string ContentType) Text(string status, string body)
    {
        Encoding.UTF8.GetBytes(body, _body);
        return (status, PlainText);
    }

    /// <returns>All values of that name, joined; empty when there is none.</returns>
    private static string HeaderOf(string[] head, string name) =>
        string.Join(',', head.Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()));

    /// <summary>Reads to the end of the header, so that closing the connection resets nothing, and gives its lines.</summary>
    private static async Task<string[]> ReadHeadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        byte[] buffer = new byte[LongestRequest];
        int length = 0;
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n");
    }
}
