namespace Simulation.Model;

/// <summary>Headers and payload of a message, one behind the other in a block that they share with other messages.</summary>
/// <param name="Block">Shared, and never written to again where this message lies.</param>
internal readonly record struct MessageBody(byte[] Block, int Start, int HeadersLength, int PayloadLength)
{
    /// <summary>Lines without version line and final blank line.</summary>
    public ReadOnlyMemory<byte> Headers => new(Block, Start, HeadersLength);

    public ReadOnlyMemory<byte> Payload => new(Block, Start + HeadersLength, PayloadLength);

    public int Length => HeadersLength + PayloadLength;
}
