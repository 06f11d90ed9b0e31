using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Something that hinders a worker for a while. Whoever asked for it is told once: when it has been felt, or that it ended before.</summary>
internal sealed class Handicap<T>(T value, IActorRef? asker)
{
    private IActorRef? _asker = asker;

    public T Value => value;

    public void Bite(string proof) => Answer(FaultAnswer.Proven(proof));

    public void End() => Answer(FaultAnswer.Missed("nothing came that it could have touched"));

    private void Answer(FaultAnswer answer)
    {
        _asker?.Tell(answer);
        _asker = null;
    }
}
