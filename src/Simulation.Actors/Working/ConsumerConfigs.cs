using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Actors;

/// <summary>The durable consumers of a run as they are asked for.</summary>
internal static class ConsumerConfigs
{
    public static ConsumerConfig For(ConsumingOptions options, string name, ImmutableArray<string> filters) => new()
    {
        Name = name,
        FilterSubjects = filters,
        AckPolicy = AckPolicy.Explicit,
        AckWait = options.AckWait,
        MaxDeliver = options.MaxDeliver,
        MaxAckPending = options.MaxAckPending,
    };
}
