using System.Buffers;
using System.Text.Json;
using Simulation.Nats.Protocol;
using Simulation.Nats.Security;

namespace Simulation.Nats.Connection;

/// <summary>Who we say that we are in CONNECT. Loaded once, so that a bad file is found before anything is sent.</summary>
internal sealed class Authentication
{
    private readonly NatsOptions _options;
    private readonly string? _jwt;
    private readonly NKey? _key;

    public Authentication(NatsOptions options)
    {
        _options = options;
        if (options.CredentialsFile is { } file)
        {
            (_jwt, _key) = UserCredentials.Load(file);
        }
        else if (options.NKeySeed is { } seed)
        {
            _key = NKey.FromSeed(seed);
        }
    }

    /// <returns>The whole CONNECT command.</returns>
    public byte[] WriteConnect(string connectionName, ServerAddress address, ServerInfo info, bool tls)
    {
        var command = new ArrayBufferWriter<byte>(512);
        command.Write("CONNECT "u8);
        using (var json = new Utf8JsonWriter(command))
        {
            json.WriteStartObject();
            json.WriteBoolean("verbose", false);
            json.WriteBoolean("pedantic", false);
            json.WriteBoolean("tls_required", tls);
            json.WriteString("name", connectionName);
            json.WriteString("lang", "simulation");
            json.WriteString("version", typeof(Authentication).Assembly.GetName().Version?.ToString(3) ?? "0");
            json.WriteNumber("protocol", 1);
            json.WriteBoolean("echo", true);
            json.WriteBoolean("headers", true);
            json.WriteBoolean("no_responders", true);
            WriteIdentity(json, address, info);
            json.WriteEndObject();
        }

        command.Write("\r\n"u8);
        return command.WrittenSpan.ToArray();
    }

    private void WriteIdentity(Utf8JsonWriter json, ServerAddress address, ServerInfo info)
    {
        WriteUnlessNull(json, "user", address.User ?? _options.User);
        WriteUnlessNull(json, "pass", address.Password ?? _options.Password);
        WriteUnlessNull(json, "auth_token", address.Token ?? _options.Token);
        WriteUnlessNull(json, "jwt", _jwt);
        if (_key is null || info.Nonce is null)
        {
            return;
        }

        if (_jwt is null)
        {
            json.WriteString("nkey", _key.PublicKey);
        }

        json.WriteString("sig", _key.SignNonce(info.Nonce));
    }

    private static void WriteUnlessNull(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
