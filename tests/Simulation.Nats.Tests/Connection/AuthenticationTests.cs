using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Security;

namespace Simulation.Nats.Tests.Connection;

/// <summary>Every way to say who we are, against a real server that insists on it.</summary>
public sealed class AuthenticationTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    [SkippableTheory]
    [InlineData("nats://me:pass@", null, null, null)]
    [InlineData("nats://", "me", "pass", null)]
    public async Task Connect_UserAndPassword_IsLetIn(string scheme, string? user, string? password, string? token) =>
        await AssertLetInAsync("authorization { user: me, password: pass }", url => new NatsOptions
        {
            Url = url.Replace("nats://", scheme, StringComparison.Ordinal), User = user, Password = password, Token = token,
        });

    [SkippableFact]
    public async Task Connect_Token_IsLetIn() =>
        await AssertLetInAsync("authorization { token: open }", url => new NatsOptions { Url = url, Token = "open" });

    [SkippableFact]
    public async Task Connect_NKey_IsLetIn()
    {
        string seed = NKey.EncodeSeed('U', Secret);
        await AssertLetInAsync(
            $"authorization {{ users: [ {{ nkey: {NKey.FromSeed(seed).PublicKey} }} ] }}", url => new NatsOptions { Url = url, NKeySeed = seed });
    }

    [SkippableFact]
    public async Task Connect_Credentials_IsLetIn()
    {
        var folder = Directory.CreateTempSubdirectory("simulation-test-");
        try
        {
            NKey operatorKey = Key('O', 1), accountKey = Key('A', 2), userKey = Key('U', 3);
            string operatorJwt = Jwt(operatorKey, operatorKey, "operator", "");
            string accountJwt = Jwt(operatorKey, accountKey, "account", "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,\"leaf\":-1},");
            string userJwt = Jwt(accountKey, userKey, "user", "\"subs\":-1,\"data\":-1,\"payload\":-1,");
            string credentials = Path.Combine(folder.FullName, "user.creds");
            await File.WriteAllTextAsync(credentials, $"-----BEGIN NATS USER JWT-----\n{userJwt}\n------END NATS USER JWT------\n\n" +
                $"-----BEGIN USER NKEY SEED-----\n{NKey.EncodeSeed('U', SecretOf(3))}\n------END USER NKEY SEED------\n");
            await AssertLetInAsync(
                $"operator: {operatorJwt}\nresolver: MEMORY\nresolver_preload: {{ {accountKey.PublicKey}: {accountJwt} }}",
                url => new NatsOptions { Url = url, CredentialsFile = credentials });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [SkippableFact]
    public async Task Connect_WrongPassword_ThrowsTheServersReasonAndHidesThePassword()
    {
        await using PlainServer server = await PlainServer.StartAsync("authorization { user: me, password: pass }");
        var error = await Assert.ThrowsAsync<JetStreamUnavailableException>(
            () => server.ConnectAsync(new NatsOptions { Url = server.Url.Replace("nats://", "nats://me:hidden@", StringComparison.Ordinal) }));
        Assert.Contains("Authorization Violation", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Connect_Tls_TrustsTheGivenAuthorityAndNoOther()
    {
        var folder = Directory.CreateTempSubdirectory("simulation-test-");
        try
        {
            (string certificate, string key) = WriteCertificate(folder.FullName);
            await using PlainServer server = await PlainServer.StartAsync($"tls {{ cert_file: \"{certificate}\", key_file: \"{key}\" }}");

            await server.ConnectAsync(new NatsOptions { Url = server.Url, Tls = new TlsOptions { CaFile = certificate } });
            await server.ConnectAsync(new NatsOptions { Url = server.Url, Tls = new TlsOptions { Insecure = true } });
            await Assert.ThrowsAsync<JetStreamUnavailableException>(() => server.ConnectAsync(new NatsOptions { Url = server.Url }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AssertLetInAsync(string config, Func<string, NatsOptions> options)
    {
        await using PlainServer server = await PlainServer.StartAsync(config);
        await server.ConnectAsync(options(server.Url));
        await Assert.ThrowsAsync<JetStreamUnavailableException>(() => server.ConnectAsync(new NatsOptions { Url = server.Url }));
    }

    private static byte[] SecretOf(byte number) => [.. Enumerable.Repeat(number, 32)];

    private static NKey Key(char role, byte number) => NKey.FromSeed(NKey.EncodeSeed(role, SecretOf(number)));

    private static string Jwt(NKey issuer, NKey subject, string type, string fields)
    {
        string header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ed25519-nkey"}"""u8);
        string claims = $"{{\"jti\":\"x\",\"iat\":1700000000,\"iss\":\"{issuer.PublicKey}\",\"sub\":\"{subject.PublicKey}\",\"name\":\"{type}\"," +
            $"\"nats\":{{{fields}\"type\":\"{type}\",\"version\":2}}}}";
        string content = $"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{content}.{Base64Url.EncodeToString(issuer.Sign(Encoding.ASCII.GetBytes(content)))}";
    }

    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string certificateFile = Path.Combine(folder, "cert.pem"), keyFile = Path.Combine(folder, "key.pem");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
