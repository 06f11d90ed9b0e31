using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>The shape of a message body.</summary>
public sealed record MessageOptions
{
    public const int MinSize = 128;
    public const int MaxSize = 1024 * 1024;

    /// <summary>
    /// Bytes of a whole message body, from 128 to 1 MiB: header, payload and checksum. A header that leaves no room is sent without a
    /// payload, and the body is then as long as header and checksum; from <see cref="MessageCodec.MaxOverhead"/> on the size is exact.
    /// Default 256.
    /// </summary>
    public int Size { get; init; } = 256;

    internal void Validate(ImmutableArray<OptionProblem>.Builder problems) =>
        OptionProblem.Require(Size is >= MinSize and <= MaxSize, "message.size",
            $"{Size} bytes is not a size of a message; give {MinSize} to {MaxSize} bytes.", problems);
}
