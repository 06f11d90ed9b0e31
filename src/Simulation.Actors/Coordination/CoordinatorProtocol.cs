using Simulation.History;

namespace Simulation.Actors;

/// <summary>To the coordinator: stop sending now, drain, and judge what there is.</summary>
public sealed record FinishEarly(string Reason);

/// <summary>To the coordinator: something that the run needs is gone; as <see cref="FinishEarly"/>, but the verdict cannot be that all went well.</summary>
public sealed record CutShort(string Reason);

/// <summary>To the coordinator, by whoever keeps the servers: for the history.</summary>
/// <param name="What">In words.</param>
/// <param name="Away">For how long nobody could use it.</param>
public sealed record ServerWasAway(string What, TimeSpan Away);

/// <summary>Ask the coordinator how things stand; answered with a <see cref="RunStatus"/>.</summary>
public sealed record GetStatus;

/// <summary>Ask the coordinator for the end of the run; answered once with a <see cref="RunOutcome"/>.</summary>
public sealed record AwaitOutcome;

/// <summary>To the coordinator: end everybody at once and remove what the run has on the server; answered with <see cref="Abandoned"/>.</summary>
public sealed record Abandon;

/// <summary>From the coordinator: nothing of the run is left on the server, or the log says what is.</summary>
public sealed record Abandoned;

/// <summary>How a run stands right now.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Running">Since producers began to send; zero before.</param>
/// <param name="Workers">Partitions owned, by worker that is at work.</param>
/// <param name="PartitionsOwned">Of all partitions; each once, also while two workers take themselves for its owner.</param>
/// <param name="PartitionsTotal">All that are or have been sent to.</param>
/// <param name="Tracking">What the tracker has folded so far.</param>
/// <param name="Leader">The worker that was heard of last as leading the others; null as long as none was, or when it is gone.</param>
public sealed record RunStatus(
    RunPhase Phase, TimeSpan Running, IReadOnlyDictionary<string, int> Workers, int PartitionsOwned, int PartitionsTotal, TrackingStatus? Tracking,
    string? Leader = null);

/// <summary>How a run ended.</summary>
/// <param name="Judgement">The verdict with its evidence; null when the run could not be prepared.</param>
/// <param name="EndedEarly">Why it ended before its duration was over; null if it did not.</param>
/// <param name="Failure">Why it could not be run; null if it could.</param>
public sealed record RunOutcome(Judgement? Judgement, string? EndedEarly, Exception? Failure);
