using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Simulation.Nats.Tests.Connection;

/// <summary>A server that greets as NATS does and then does what a test wants, which real servers do only on bad days.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public string Url => $"nats://{_listener.LocalEndpoint}";

    /// <summary>Accepts one client and greets it up to the PONG.</summary>
    public async Task<Client> AcceptAsync()
    {
        var client = new Client(await _listener.AcceptSocketAsync());
        await client.SendAsync("INFO {\"server_id\":\"A\",\"server_name\":\"scripted\",\"version\":\"2.10.0\",\"headers\":true,\"max_payload\":1048576}\r\n");
        await client.ExpectAsync("PING\r\n");
        await client.SendAsync("PONG\r\n");
        return client;
    }

    public void Dispose() => _listener.Dispose();

    internal sealed class Client(Socket socket) : IDisposable
    {
        private readonly StringBuilder _received = new();

        public async Task SendAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text));

        /// <summary>Reads until the client has said this, and gives everything up to its end.</summary>
        public async Task<string> ExpectAsync(string text)
        {
            byte[] buffer = new byte[4096];
            while (true)
            {
                string all = _received.ToString();
                int at = all.IndexOf(text, StringComparison.Ordinal);
                if (at >= 0)
                {
                    _received.Remove(0, at + text.Length);
                    return all[..(at + text.Length)];
                }

                int count = await socket.ReceiveAsync(buffer);
                Assert.True(count > 0, $"the client left before it said {text}");
                _received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }

        public void Dispose() => socket.Dispose();
    }
}
