using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Where the workers or the producers of a run live: in the coordinator's process, or in processes of their own.</summary>
public interface IParticipantHost
{
    /// <summary>The actor that is the participant, or stands for it. It ends when the participant ends.</summary>
    Props PropsOf(int number);

    /// <summary>Whoever shares the participant's fate, itself included: all who live in its process.</summary>
    IEnumerable<int> TogetherWith(int number);

    /// <summary>Has the participant end in order. Parameters as of <see cref="Kill"/>.</summary>
    void Stop(IActorContext context, IActorRef participant, int number);

    /// <summary>Ends the participant and whoever shares its fate at once, without a good-bye.</summary>
    /// <param name="context">Of the coordinator.</param>
    /// <param name="participant">The actor made from <see cref="PropsOf"/>.</param>
    /// <param name="number">Of the participant.</param>
    /// <returns>How it was done, in words; null when there was nothing to end.</returns>
    string? Kill(IActorContext context, IActorRef participant, int number);

    /// <summary>They stand still. Parameters as of <see cref="Kill"/>.</summary>
    /// <returns>How it was done, in words; null when there was nothing to stop.</returns>
    string? Pause(IActorContext context, IActorRef participant, int number);

    /// <summary>They go on.</summary>
    void Resume(IActorContext context, IActorRef participant, int number);
}
