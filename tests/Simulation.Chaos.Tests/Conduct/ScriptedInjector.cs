using Simulation.Kernel;

namespace Simulation.Chaos.Tests.Conduct;

/// <summary>Does nothing but note when what began and ended.</summary>
internal sealed class ScriptedInjector : IFaultInjector
{
    public List<string> Events { get; } = [];

    public int Active { get; private set; }

    public int MostActive { get; private set; }

    /// <summary>What shows of a fault at its beginning, and at its end.</summary>
    public Func<PlannedFault, (string? AtFirst, string? AtTheEnd)> Proof { get; set; } = _ => ("seen", "seen");

    /// <summary>Whether time counts only from the first proof on.</summary>
    public bool IsToBeFelt { get; set; }

    public Func<PlannedFault, Exception?> Failure { get; set; } = _ => null;

    public IReadOnlySet<FaultKind> Kinds { get; } = Enum.GetValues<FaultKind>().ToHashSet();

    public string? WhyNot(FaultKind kind) => null;

    public async ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context)
    {
        await context.Delay(TimeSpan.FromMilliseconds(1));
        if (Failure(fault) is { } failure)
        {
            throw failure;
        }

        Active++;
        MostActive = Math.Max(Active, MostActive);
        Events.Add($"{context.Uptime.TotalSeconds:0} +{fault.Number}");
        return new Scripted(this, fault);
    }

    private sealed class Scripted(ScriptedInjector injector, PlannedFault fault) : IActiveFault
    {
        private bool _hasEnded;

        public string? Proof => _hasEnded ? injector.Proof(fault).AtTheEnd : injector.Proof(fault).AtFirst;

        public bool IsToBeFelt => injector.IsToBeFelt;

        public string Doubt => "nothing was seen";

        public async ActorTask EndAsync(IActorContext context)
        {
            await context.Delay(TimeSpan.FromMilliseconds(1));
            _hasEnded = true;
            injector.Active--;
            injector.Events.Add($"{context.Uptime.TotalSeconds:0} -{fault.Number}");
        }
    }
}
