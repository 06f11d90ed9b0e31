namespace Simulation.Nats.Connection;

/// <summary>How to speak TLS. Paths are PEM files.</summary>
public sealed record TlsOptions
{
    /// <summary>Certificate authorities to trust instead of the machine's; null for the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The client's own certificate, for servers that verify; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Private key of <see cref="CertificateFile"/>; null when both are in one file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Accepts any certificate. For tests: it protects against eavesdropping only.</summary>
    public bool Insecure { get; init; }
}
