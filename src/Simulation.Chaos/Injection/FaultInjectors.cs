using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>Several injectors as one: each fault goes to the one whose kind it is.</summary>
public sealed class FaultInjectors(params IReadOnlyList<IFaultInjector> injectors) : IFaultInjector
{
    public IReadOnlySet<FaultKind> Kinds { get; } = injectors.SelectMany(injector => injector.Kinds).ToHashSet();

    public string? WhyNot(FaultKind kind) => Find(kind) is { } injector ? injector.WhyNot(kind) : "nothing here can do it so far";

    public ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context) =>
        (Find(fault.Kind) ?? throw new NotSupportedException(WhyNot(fault.Kind))).InjectAsync(fault, context);

    private IFaultInjector? Find(FaultKind kind) => injectors.FirstOrDefault(injector => injector.Kinds.Contains(kind));
}
