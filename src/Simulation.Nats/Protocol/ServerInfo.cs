using System.Collections.Immutable;
using System.Text.Json;

namespace Simulation.Nats.Protocol;

/// <summary>What a server says about itself in INFO, as far as a client needs it.</summary>
internal sealed record ServerInfo
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public string? Cluster { get; init; }

    public long MaxPayload { get; init; }

    public bool TlsRequired { get; init; }

    public bool TlsAvailable { get; init; }

    public bool HeadersSupported { get; init; }

    public bool LameDuck { get; init; }

    /// <summary>To be signed by a client that authenticates with a key.</summary>
    public string? Nonce { get; init; }

    /// <summary><c>host:port</c> of the cluster's other servers.</summary>
    public ImmutableArray<string> ConnectUrls { get; init; } = [];

    public static ServerInfo Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            return new ServerInfo
            {
                Id = Text(root, "server_id") ?? "",
                Name = Text(root, "server_name") ?? "",
                Version = Text(root, "version") ?? "0.0.0",
                Cluster = Text(root, "cluster"),
                MaxPayload = root.TryGetProperty("max_payload", out JsonElement max) ? max.GetInt64() : FrameParser.MaxMessageBytes,
                TlsRequired = Flag(root, "tls_required"),
                TlsAvailable = Flag(root, "tls_available"),
                HeadersSupported = Flag(root, "headers"),
                LameDuck = Flag(root, "ldm"),
                Nonce = Text(root, "nonce"),
                ConnectUrls = root.TryGetProperty("connect_urls", out JsonElement urls) && urls.ValueKind == JsonValueKind.Array
                    ? [.. urls.EnumerateArray().Select(url => url.GetString()).OfType<string>()]
                    : [],
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new ProtocolException($"Malformed frame from the server: INFO is not the JSON it should be ({error.Message})");
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static bool Flag(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
}
