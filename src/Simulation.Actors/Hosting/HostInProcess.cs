using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Participants as actors of the coordinator's process: a kill takes mailbox and connection, and nobody shares anybody's fate.</summary>
internal sealed class HostInProcess(Func<int, Props> propsOf, ConnectionRegistry connections) : IParticipantHost
{
    public Props PropsOf(int number) => propsOf(number);

    public IEnumerable<int> TogetherWith(int number) => [number];

    public void Stop(IActorContext context, IActorRef participant, int number) => context.Stop(participant);

    public string? Kill(IActorContext context, IActorRef participant, int number)
    {
        context.Kill(participant);
        connections.Cut(participant.Name);
        return "its connection was cut";
    }

    public string? Pause(IActorContext context, IActorRef participant, int number)
    {
        context.Freeze(participant);
        return "its mailbox is stopped";
    }

    public void Resume(IActorContext context, IActorRef participant, int number) => context.Thaw(participant);
}
