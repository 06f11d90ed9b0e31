using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Host.Virtual;

/// <summary>When sending is over everything heals, and rare things stop happening too: what is pending then has to be processed.</summary>
internal sealed class CalmAtTheEnd : ReceiveActor
{
    private readonly IActorRef _coordinator;

    private CalmAtTheEnd(IActorRef coordinator, Buggifier rare)
    {
        _coordinator = coordinator;
        Receive<PhaseEntered>(entered => rare.IsOn &= entered.Phase <= RunPhase.Running);
    }

    public static Props Props(IActorRef coordinator, Buggifier rare) => Kernel.Props.Create(() => new CalmAtTheEnd(coordinator, rare));

    protected override void PreStart() => _coordinator.Tell(new SubscribeToPhases(), Self);
}
