using System.Globalization;

namespace Simulation.History;

/// <summary>Which message: its partition and its running number there.</summary>
public readonly record struct MessageId(int Partition, long Sequence)
{
    /// <summary>For a delivery or a stored message that does not say who it is.</summary>
    public static MessageId None { get; } = new(-1, -1);

    public bool IsNone => Partition < 0 || Sequence < 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Sequence}");
}
