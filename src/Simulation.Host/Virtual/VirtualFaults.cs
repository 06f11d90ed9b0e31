using System.Collections.Frozen;
using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Kernel;
using Simulation.Model;

namespace Simulation.Host.Virtual;

/// <summary>What can be done to the network and the servers of a virtual world.</summary>
internal sealed class VirtualFaults(ModelConnector connector) : IFaultInjector
{
    public static readonly FrozenSet<FaultKind> Supported = new[]
    {
        FaultKind.NatsDisconnect, FaultKind.NetworkLatency, FaultKind.NetworkPartition, FaultKind.HalfOpen,
        FaultKind.ServerKill, FaultKind.ServerRestart, FaultKind.PowerLoss,
    }.ToFrozenSet();

    public IReadOnlySet<FaultKind> Kinds => Supported;

    /// <returns>Null when it can be done in a virtual world of that configuration.</returns>
    public static string? WhyNot(FaultKind kind, SimulationConfig config) =>
        Supported.Contains(kind) || ParticipantFaults.Supported.Contains(kind) ? null : "it is not modelled in the virtual world";

    public string? WhyNot(FaultKind kind) => null;

    public ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context) => ActorTask.FromResult<IActiveFault>(fault.Kind switch
    {
        FaultKind.NatsDisconnect => OnLinks(fault, link => link.Cut(), link => link.Partition(), link => link.Heal(), "connections cut"),
        FaultKind.NetworkPartition => OnLinks(fault, link => { }, link => link.Partition(), link => link.Heal(), "links that let nothing through"),
        FaultKind.HalfOpen => OnLinks(fault, link => link.HalfOpen(), link => link.Partition(), link => link.Heal(), "connections half open"),
        FaultKind.NetworkLatency => Delay(fault),
        FaultKind.ServerKill or FaultKind.ServerRestart => Stop(() => connector.KillServer(), "the server was killed"),
        FaultKind.PowerLoss => Stop(() => connector.LoseServerPower(), "the server lost power"),
        _ => throw new NotSupportedException(fault.Name),
    });

    private VirtualFault OnLinks(PlannedFault fault, Action<ModelLink> bite, Action<ModelLink> hold, Action<ModelLink> heal, string what)
    {
        ImmutableArray<ModelLink> links = LinksOf(fault);
        foreach (ModelLink link in links)
        {
            bite(link);
            hold(link);
        }

        return new VirtualFault($"{links.Length} {what}", links.IsEmpty ? "nobody of that name is connected" : null, () =>
        {
            foreach (ModelLink link in LinksOf(fault))
            {
                heal(link);
            }
        });
    }

    private VirtualFault Delay(PlannedFault fault)
    {
        TimeSpan latency = fault.Time("latency");
        TimeSpan jitter = fault.Time("jitter");
        ImmutableArray<ModelLink> links = LinksOf(fault);
        var before = links.ToDictionary(link => link, link => (link.Latency, link.Jitter));
        foreach (ModelLink link in links)
        {
            link.Latency += latency;
            link.Jitter += jitter;
        }

        return new VirtualFault($"{links.Length} links slower by {Duration.Format(latency)}", links.IsEmpty ? "nobody of that name is connected" : null, () =>
        {
            foreach ((ModelLink link, (TimeSpan was, TimeSpan wasJitter)) in before)
            {
                (link.Latency, link.Jitter) = (was, wasJitter);
            }
        });
    }

    private VirtualFault Stop(Action stop, string proof)
    {
        if (!connector.Server.IsRunning)
        {
            return new VirtualFault("", "the server does not run", () => { });
        }

        stop();
        return new VirtualFault(proof, null, () => connector.StartServer());
    }

    /// <summary>Each participant's connection is named after it; the last of that name is the one of its present life, connected or trying to be.</summary>
    private ImmutableArray<ModelLink> LinksOf(PlannedFault fault) =>
        [.. fault.Targets.Select(target => connector.Links.LastOrDefault(link => link.Name == target)).OfType<ModelLink>()];

    private sealed class VirtualFault(string proof, string? missed, Action undo) : IActiveFault
    {
        public string? Proof => missed is null ? proof : null;

        public string Doubt => missed ?? "";

        public ActorTask EndAsync(IActorContext context)
        {
            undo();
            return ActorTask.CompletedTask;
        }
    }
}
