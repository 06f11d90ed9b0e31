using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>A fault that needs no undoing: it happened, with its proof, or it did not.</summary>
public sealed class FinishedFault : IActiveFault
{
    private FinishedFault(string? proof, string doubt) => (Proof, Doubt) = (proof, doubt);

    public string? Proof { get; }

    public string Doubt { get; }

    public static FinishedFault Bit(string proof) => new(proof, "");

    public static FinishedFault Missed(string why) => new(null, why);

    public ActorTask EndAsync(IActorContext context) => ActorTask.CompletedTask;
}
