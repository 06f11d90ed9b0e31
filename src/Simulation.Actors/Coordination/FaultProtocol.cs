using Simulation.History;

namespace Simulation.Actors;

/// <summary>To the coordinator: tell me <see cref="PhaseEntered"/>, at once for the phase that the run is in and then at every change.</summary>
/// <param name="TakesPart">
/// The subscriber keeps a log of its own in the history, under its name, and the run waits for its <see cref="ReadyForPhase"/> before it
/// drains and before it judges.
/// </param>
public sealed record SubscribeToPhases(bool TakesPart = false);

/// <summary>To the coordinator, from a subscriber that takes part: whatever it had to finish before this phase is finished.</summary>
public sealed record ReadyForPhase(RunPhase Phase);

/// <summary>From the coordinator. Whatever was done to participants is undone when <see cref="RunPhase.Running"/> is over.</summary>
/// <param name="Phase">Messages are sent in <see cref="RunPhase.Running"/> and in no other.</param>
/// <param name="SendingSince">When producers began; null before.</param>
public sealed record PhaseEntered(RunPhase Phase, DateTimeOffset? SendingSince);

/// <summary>
/// To the coordinator: do this to a participant. Answered with a <see cref="FaultAnswer"/> once it is known whether it bit, which may take
/// until the participant has something to do. What lasts goes on until <see cref="Undo"/> or the end of sending.
/// </summary>
public abstract record ParticipantFault;

/// <summary>What was seen of a fault.</summary>
/// <param name="Bit">Whether it happened.</param>
/// <param name="Text">The proof, or why it could not happen.</param>
public sealed record FaultAnswer(bool Bit, string Text)
{
    public static FaultAnswer Proven(string proof) => new(true, proof);

    public static FaultAnswer Missed(string why) => new(false, why);
}

/// <summary>To the coordinator: end what this fault did, if it still lasts. Answered with a <see cref="FaultAnswer"/> that says what was found.</summary>
/// <param name="Fault">As it was sent.</param>
public sealed record Undo(ParticipantFault Fault);

/// <summary>End a worker without a good-bye, as a power loss would: its connection is cut and its lease is not given back.</summary>
/// <param name="Number">Of the worker.</param>
/// <param name="ComeBackAfter">When it is started again. Undone, it is started at once.</param>
/// <param name="UnderNewNumber">A replacement that has never been there before comes instead of it.</param>
public sealed record CrashWorker(int Number, TimeSpan ComeBackAfter, bool UnderNewNumber = false) : ParticipantFault;

/// <summary>End the worker that leads the group, as the leader's lease on the server says at that moment.</summary>
/// <param name="ComeBackAfter">As of <see cref="CrashWorker"/>.</param>
public sealed record CrashLeader(TimeSpan ComeBackAfter) : ParticipantFault;

/// <summary>End a producer without a good-bye; its successor reads what it was from its log.</summary>
/// <param name="Number">Of the producer.</param>
/// <param name="ComeBackAfter">When the successor is started. Undone, it is started at once.</param>
public sealed record CrashProducer(int Number, TimeSpan ComeBackAfter = default) : ParticipantFault;

/// <summary>Have a worker leave in order and start again under its number.</summary>
public sealed record RestartWorker(int Number) : ParticipantFault;

/// <summary>Have this many workers.</summary>
public sealed record ScaleWorkers(int Count) : ParticipantFault;

/// <summary>Have so many workers more, or (negative) fewer. At least one stays.</summary>
public sealed record ScaleWorkersBy(int Change) : ParticipantFault;

/// <summary>
/// Have so many partitions more, or (negative) fewer. Those with the highest numbers come and go: what goes is not sent to any more, and
/// keeps its owner, so that everything in it is processed. At least one stays, and no more come than the run was laid out for.
/// </summary>
public sealed record ChangePartitionsBy(int Change) : ParticipantFault;

/// <summary>A worker stands still as a stopped process does, and its connection stays. Undone, it goes on where it stood.</summary>
public sealed record PauseWorker(int Number) : ParticipantFault;

/// <summary>A worker takes so many times as long for each message.</summary>
/// <param name="Number">Of the worker.</param>
/// <param name="Factor">Above 1.</param>
public sealed record SlowWorker(int Number, double Factor) : ParticipantFault;

/// <summary>A worker's acknowledgements are not sent, although the worker takes them for sent.</summary>
public sealed record LoseAcks(int Number) : ParticipantFault;

/// <summary>A worker's clock jumps, as far as leases go by it. It stays ahead or behind for as long as the worker lives.</summary>
/// <param name="Number">Of the worker.</param>
/// <param name="By">Forward, or (negative) back.</param>
public sealed record JumpClock(int Number, TimeSpan By) : ParticipantFault;

/// <summary>Delete the durable consumer that serves a partition.</summary>
public sealed record DeleteConsumer(int Partition) : ParticipantFault;

/// <summary>Delete a worker's lease from the group's bucket.</summary>
public sealed record DeleteLease(int Number) : ParticipantFault;

/// <summary>Delete the leader's lease from the group's bucket: whoever leads is a member still, and leads no more.</summary>
public sealed record DeleteLeadership : ParticipantFault;

/// <summary>Delete the bucket over which the workers find each other, with all leases and the assignment.</summary>
public sealed record DeleteGroupBucket : ParticipantFault;

/// <summary>A producer publishes the message that was acknowledged last once more, under the same identity.</summary>
public sealed record PublishDuplicate(int Number) : ParticipantFault;
