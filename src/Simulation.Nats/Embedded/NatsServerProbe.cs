using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Simulation.Nats.Embedded;

/// <summary>
/// Asks a server on loopback one thing over a connection of its own. Deliberately not the client of this project: readiness of a server and
/// correctness of a client are two questions.
/// </summary>
internal static class NatsServerProbe
{
    private const string Inbox = "_INBOX.simulation.probe";

    /// <returns>JetStream's answer, or null when the server or its JetStream does not answer (yet).</returns>
    public static async Task<JsonElement?> RequestAsync(
        int port, string subject, string body, TimeSpan timeout, CancellationToken cancellation, string? administratorPassword = null)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, bounded.Token);
            // One character a byte: a payload's length is in bytes.
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            string who = administratorPassword is null ? "" : $"\"user\":\"{NatsServerConfigFile.Administrator}\",\"pass\":\"{administratorPassword}\",";
            string request = $"CONNECT {{{who}\"verbose\":false,\"headers\":true,\"no_responders\":true,\"lang\":\"dotnet\",\"version\":\"0\",\"name\":\"simulation-probe\"}}\r\n"
                + $"SUB {Inbox} 1\r\nPUB {subject} {Inbox} {Encoding.UTF8.GetByteCount(body)}\r\n{body}\r\n";
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request), bounded.Token);
            return await ReadAnswerAsync(reader, bounded.Token);
        }
        catch (Exception error) when (error is SocketException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public static bool IsError(this JsonElement answer) => answer.TryGetProperty("error", out _);

    private static async Task<JsonElement?> ReadAnswerAsync(StreamReader reader, CancellationToken cancellation)
    {
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("MSG ", StringComparison.Ordinal))
            {
                char[] payload = new char[int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)];
                int length = await reader.ReadBlockAsync(payload, cancellation);
                using JsonDocument document = JsonDocument.Parse(Encoding.Latin1.GetBytes(payload, 0, length));
                return document.RootElement.Clone();
            }

            // HMSG: a 503, nobody listens there. -ERR: not a server for us.
            if (line.StartsWith("HMSG ", StringComparison.Ordinal) || line.StartsWith("-ERR", StringComparison.Ordinal))
            {
                return null;
            }
        }

        return null;
    }
}
