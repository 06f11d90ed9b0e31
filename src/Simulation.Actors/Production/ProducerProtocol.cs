namespace Simulation.Actors;

/// <summary>To a producer: send, by intended times counted from <paramref name="Start"/>.</summary>
/// <param name="Start">When sending began.</param>
/// <param name="Partitions">As of <see cref="SendToPartitions"/>.</param>
public sealed record StartSending(DateTimeOffset Start, int Partitions);

/// <summary>To a producer: those with the lowest numbers, so many over all producers, are sent to from now on, and no others.</summary>
public sealed record SendToPartitions(int Count);

/// <summary>From a producer: it does as <see cref="SendToPartitions"/> or <see cref="StartSending"/> said.</summary>
public sealed record SendsToPartitions(int Producer, int Count);

/// <summary>To a producer: begin nothing new; see what is open through to its outcome, then say <see cref="ProducerSettled"/>.</summary>
public sealed record StopSending;

/// <summary>From a producer: connected, and its own past read.</summary>
public sealed record ProducerReady(int Producer);

/// <summary>From a producer: the server refuses messages because it has no room for them.</summary>
public sealed record StorageExhausted(string Refusal);

/// <summary>From a producer: every message that it intended has its outcome.</summary>
public sealed record ProducerSettled(int Producer);
