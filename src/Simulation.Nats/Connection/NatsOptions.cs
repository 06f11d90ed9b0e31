using System.Net;
using System.Text;

namespace Simulation.Nats.Connection;

/// <summary>How to reach NATS and how patient to be. Nothing secret shows in <see cref="ToString"/>.</summary>
public sealed record NatsOptions
{
    public const string DefaultUrl = "nats://localhost:4222";

    /// <summary>
    /// One or more servers, separated by commas: <c>nats://[user[:password]@|token@]host[:port]</c>, or <c>tls://</c> to insist on TLS.
    /// What the URL says about credentials goes before <see cref="User"/>, <see cref="Password"/> and <see cref="Token"/>.
    /// </summary>
    public string Url { get; init; } = DefaultUrl;

    public string? User { get; init; }

    public string? Password { get; init; }

    public string? Token { get; init; }

    /// <summary>Seed of a user's NKey (SU…).</summary>
    public string? NKeySeed { get; init; }

    /// <summary>Path of a <c>.creds</c> file.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Insist on TLS; null to use it only where the server or the URL asks for it.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>For one server, from the first packet to its answer to our greeting.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After which a management request, an acknowledgement's confirmation or a drain gives up.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After which a publish without an answer ends unknown, unless the message says otherwise.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often to ping. A ping without its answer when the next one is due means that the server is gone.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause before the first reconnect attempt; it doubles up to <see cref="ReconnectMax"/>, each time with jitter.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Where to dial instead of a server's own address, for a connection of the given name: a proxy, say. TLS goes on to expect the server's own
    /// name. Null: nowhere else.
    /// </summary>
    public Func<string, DnsEndPoint, DnsEndPoint>? Detour { get; init; }

    public string InboxPrefix { get; init; } = "_INBOX";

    /// <summary>Bytes that may wait for a slow server. What does not fit is not sent: a publish ends unknown, a request throws.</summary>
    public int MaxUnsentBytes { get; init; } = 64 << 20;

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Url = ").AppendJoin(',', ServerAddress.ParseList(Url).Select(address => address.ToString()));
        text.Append(", User = ").Append(User).Append(", Password = ").Append(Mask(Password)).Append(", Token = ").Append(Mask(Token));
        text.Append(", NKeySeed = ").Append(Mask(NKeySeed)).Append(", CredentialsFile = ").Append(CredentialsFile).Append(", Tls = ").Append(Tls);
        return true;
    }

    private static string Mask(string? secret) => secret is null ? "" : "***";
}
