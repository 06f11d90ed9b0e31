namespace Simulation.Nats.Connection;

/// <summary>Where one server is and who to be there. Shows its credentials to nobody.</summary>
internal sealed record ServerAddress(string Host, int Port, bool Tls, string? User, string? Password, string? Token)
{
    private const int DefaultPort = 4222;

    /// <exception cref="FormatException">Names the part that cannot be understood, without its credentials.</exception>
    public static IReadOnlyList<ServerAddress> ParseList(string urls)
    {
        string[] parts = urls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length == 0 ? throw new FormatException("A NATS URL is needed, for example nats://localhost:4222.") : [.. parts.Select(Parse)];
    }

    public static ServerAddress Parse(string url)
    {
        string full = url.Contains("://", StringComparison.Ordinal) ? url : "nats://" + url;
        string shown = full[(full.LastIndexOf('@') + 1)..];
        if (!Uri.TryCreate(full, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            throw new FormatException($"\"{shown}\" is not a NATS URL; write for example nats://localhost:4222.");
        }

        if (uri.Scheme is not ("nats" or "tls"))
        {
            throw new FormatException($"\"{uri.Scheme}://\" is not spoken here; write nats:// or tls://.");
        }

        string[] credentials = uri.UserInfo.Split(':', 2);
        bool isToken = uri.UserInfo.Length > 0 && credentials.Length == 1;
        return new ServerAddress(
            uri.IdnHost,
            uri.Port > 0 ? uri.Port : DefaultPort,
            Tls: uri.Scheme == "tls",
            User: credentials.Length == 2 ? Uri.UnescapeDataString(credentials[0]) : null,
            Password: credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
            Token: isToken ? Uri.UnescapeDataString(credentials[0]) : null);
    }

    /// <summary>Another server of the same cluster, found by gossip, takes the same credentials.</summary>
    public ServerAddress Neighbour(string hostAndPort)
    {
        ServerAddress other = Parse(hostAndPort);
        return this with { Host = other.Host, Port = other.Port };
    }

    public bool IsSamePlace(ServerAddress other) => Port == other.Port && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{(Tls ? "tls" : "nats")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}
