using System.Net;
using System.Net.Sockets;

namespace Simulation.Nats.Embedded;

/// <summary>
/// Picks free loopback ports below the range from which the system gives out client ports. A server's port must stay free while the server
/// is down between a kill and its restart; inside that range any outgoing connection may take it, even one of a client that
/// tries to reach this very port, which then talks to itself.
/// </summary>
internal static class LoopbackPorts
{
    private const int Lowest = 10_000;
    private const int Attempts = 200;

    private static readonly HashSet<int> Given = [];

    public static int Pick()
    {
        int end = FirstClientPort();
        lock (Given)
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                int port = Random.Shared.Next(Lowest, end);
                if (IsFree(port) && Given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new NatsServerStartException(NatsServerStartProblem.PortInUse, $"No free loopback port between {Lowest} and {end}.");
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FirstClientPort()
    {
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        return File.Exists(Range) && int.TryParse(File.ReadAllText(Range).Split()[0], out int first) && first > Lowest + 1000 ? first : 32_768;
    }
}
