namespace Simulation.Workload;

/// <summary>What a message says about itself.</summary>
/// <param name="PartitionId">Where it was sent to.</param>
/// <param name="ProducerId">Who sent it.</param>
/// <param name="PartitionSequence">Its number within the partition, from 1. With <paramref name="PartitionId"/>, its identity.</param>
/// <param name="ProducerSequence">Its number among all that the producer sent, from 1.</param>
/// <param name="TimestampMicroseconds">The intended send time in Unix microseconds.</param>
/// <param name="Weight">The weight of its partition.</param>
public readonly record struct MessageHeader(
    int PartitionId, int ProducerId, long PartitionSequence, long ProducerSequence, long TimestampMicroseconds, int Weight)
{
    /// <summary>The intended send time.</summary>
    public DateTimeOffset IntendedAt => DateTimeOffset.UnixEpoch.AddTicks(TimestampMicroseconds * TimeSpan.TicksPerMicrosecond);
}
