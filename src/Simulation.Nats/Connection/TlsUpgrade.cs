using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Simulation.Nats.Connection;

/// <summary>Wraps a connected stream in TLS, as NATS does it: after the server's first INFO, in the same connection.</summary>
internal static class TlsUpgrade
{
    public static async Task<Stream> WrapAsync(Stream plain, string host, TlsOptions options, CancellationToken cancel)
    {
        var authentication = new SslClientAuthenticationOptions { TargetHost = host };
        if (options.Insecure)
        {
            authentication.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (options.CaFile is { } caFile)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(caFile);
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        if (options.CertificateFile is { } certificateFile)
        {
            authentication.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificateFile, options.KeyFile)];
        }

        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(authentication, cancel).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
