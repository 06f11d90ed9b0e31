namespace Simulation.Nats.Protocol;

/// <summary>One MSG or HMSG, shown in the receive buffer: valid only during the call that hands it over.</summary>
internal readonly ref struct MessageFrame
{
    public required long SubscriptionId { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    /// <summary>Empty for none.</summary>
    public ReadOnlySpan<byte> ReplyTo { get; init; }

    /// <summary>With version line and final blank line; empty for a MSG.</summary>
    public ReadOnlySpan<byte> HeaderBlock { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The header lines alone, as the contract shows them.</summary>
    public ReadOnlySpan<byte> Headers => StatusLine.HeadersOf(HeaderBlock);
}
