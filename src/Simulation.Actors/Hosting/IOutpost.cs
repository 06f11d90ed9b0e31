using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>The coordinator's end of a process with participants in it.</summary>
public interface IOutpost
{
    /// <summary>From now on the participant's events, and the process' end, go to that actor.</summary>
    void Attach(int number, IActorRef deputy);

    /// <summary>That actor is gone.</summary>
    void Detach(int number, IActorRef deputy);

    /// <summary>Never waits; a process that is gone hears nothing.</summary>
    void Send(OutpostCommand command);
}

/// <summary>To a process with participants in it.</summary>
/// <param name="Number">Of the participant.</param>
public abstract record OutpostCommand(int Number);

public sealed record StartParticipant(int Number) : OutpostCommand(Number);

public sealed record StopParticipant(int Number) : OutpostCommand(Number);

/// <param name="Number">Of the participant.</param>
/// <param name="Question">By which the answer names it; 0 when none is wanted.</param>
/// <param name="Message">For the participant.</param>
public sealed record PassToParticipant(int Number, long Question, object Message) : OutpostCommand(Number);

/// <summary>From a process with participants in it.</summary>
/// <param name="Number">Of the participant.</param>
public abstract record OutpostEvent(int Number);

/// <summary>What the participant told its parent.</summary>
public sealed record ParticipantTold(int Number, object Message) : OutpostEvent(Number);

public sealed record ParticipantAnswered(int Number, long Question, FaultAnswer Answer) : OutpostEvent(Number);

public sealed record ParticipantEnded(int Number) : OutpostEvent(Number);

/// <summary>The whole process is gone. Never sent by itself.</summary>
/// <param name="Number">Of the participant that is told.</param>
/// <param name="How">In words.</param>
public sealed record OutpostGone(int Number, string How) : OutpostEvent(Number);
