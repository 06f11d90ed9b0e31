using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>Makes planned faults happen. One for the participants is in this room; Host adds those of the world that it composes.</summary>
public interface IFaultInjector
{
    /// <summary>What it is there for; the rest is somebody else's.</summary>
    IReadOnlySet<FaultKind> Kinds { get; }

    /// <returns>Null when it can be done here; otherwise why not, and what would be needed.</returns>
    string? WhyNot(FaultKind kind);

    /// <summary>
    /// Makes it happen, and comes back as soon as it does; not when it is over. To throw is to say that it did not happen. It has a
    /// patience of its own: whoever waits for it has none.
    /// </summary>
    /// <param name="fault">Of one of <see cref="Kinds"/>.</param>
    /// <param name="context">For time, and for asking actors.</param>
    ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context);
}

/// <summary>A fault that was injected.</summary>
public interface IActiveFault
{
    /// <summary>What shows that it bit, in words: <c>worker-42 is gone</c>. Null as long as nothing does.</summary>
    string? Proof { get; }

    /// <summary>While there is no proof: what should have been seen and was not.</summary>
    string Doubt { get; }

    /// <summary>
    /// Whether somebody has to feel it first, who may have nothing to do for the moment. Its time counts from when it has a proof, which is waited for
    /// as long as <see cref="ChaosActor.FeltPatience"/> says.
    /// </summary>
    bool IsToBeFelt => false;

    /// <summary>Undoes it, and comes back when it is undone; of a fault that is not undone, at once. Called once, whatever happens.</summary>
    ActorTask EndAsync(IActorContext context);
}
