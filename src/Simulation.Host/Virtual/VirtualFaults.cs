using System.Collections.Frozen;
using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Kernel;
using Simulation.Model;

namespace Simulation.Host.Virtual;

/// <summary>What can be done to the network and the servers of a virtual world.</summary>
/// <param name="connector">To the modelled servers.</param>
/// <param name="stream">Whose leader is meant by the leader among the servers.</param>
internal sealed class VirtualFaults(ModelConnector connector, string stream) : IFaultInjector
{
    public static readonly FrozenSet<FaultKind> Supported = new[]
    {
        FaultKind.NatsDisconnect, FaultKind.NetworkLatency, FaultKind.NetworkBandwidth, FaultKind.NetworkPartition, FaultKind.HalfOpen,
        FaultKind.ServerKill, FaultKind.ServerPause, FaultKind.ServerRestart, FaultKind.LeaderStepdown, FaultKind.PowerLoss,
        FaultKind.StoreBitflip, FaultKind.StoreTruncate, FaultKind.StoreZero, FaultKind.DiskFull,
    }.ToFrozenSet();

    public IReadOnlySet<FaultKind> Kinds => Supported;

    /// <returns>Null when it can be done in a virtual world of that configuration.</returns>
    public static string? WhyNot(FaultKind kind, SimulationConfig config) => kind switch
    {
        FaultKind.LeaderStepdown when config.Nats.Cluster.Size == 1 => "a lone server leads everything; give nats.cluster.size: 3",
        _ when Supported.Contains(kind) || ParticipantFaults.Supported.Contains(kind) => null,
        _ => "it is not modelled in the virtual world",
    };

    public string? WhyNot(FaultKind kind) => null;

    public ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context) => ActorTask.FromResult<IActiveFault>(fault.Kind switch
    {
        FaultKind.NatsDisconnect => OnLinks(fault, link => link.Disconnect(), link => link.Heal()),
        FaultKind.NetworkLatency => Delay(fault),
        FaultKind.NetworkBandwidth => Throttle(fault),
        FaultKind.NetworkPartition => Partition(fault),
        FaultKind.HalfOpen => OnLinks(fault, Swallow, link => link.Heal()),
        FaultKind.ServerKill => OnServers(fault, connector.KillServer, connector.StartServer),
        FaultKind.ServerRestart => OnServers(fault, connector.StopServer, connector.StartServer),
        FaultKind.ServerPause => OnServers(fault, connector.PauseServer, connector.ResumeServer),
        FaultKind.PowerLoss => OnServers(fault, connector.LoseServerPower, connector.StartServer),
        FaultKind.LeaderStepdown => StepDown(fault.Word("of")),
        FaultKind.StoreBitflip or FaultKind.StoreTruncate or FaultKind.StoreZero => OnServers(fault, server => Damage(fault, server), connector.StartServer),
        FaultKind.DiskFull => OnServers(fault, FillDisk, connector.FreeDisk),
        _ => throw new NotSupportedException(fault.Name),
    });

    // ---- the network

    private VirtualFault OnLinks(PlannedFault fault, Func<ModelLink, ModelEffect> bite, Func<ModelLink, ModelEffect> undo)
    {
        ImmutableArray<ModelLink> links = LinksOf(fault);
        return new VirtualFault([.. links.Select(bite)], () => [.. links.Select(undo)], "nobody of that name takes part");
    }

    /// <summary>What vanishes shows in the end.</summary>
    private static ModelEffect Swallow(ModelLink link)
    {
        link.Swallow();
        return new ModelEffect(link.IsOpen ? 1 : 0, link.IsOpen ? $"what {link.Name} sends and gets vanishes" : $"{link.Name} had no connection");
    }

    private VirtualFault Partition(PlannedFault fault) => ServersOf(fault).IsEmpty
        ? OnLinks(fault, Hold, link => link.Heal())
        : OnServers(fault, connector.IsolateServer, server =>
        {
            connector.RejoinServer(server);
            return new ModelEffect(0, "");
        });

    private static ModelEffect Hold(ModelLink link)
    {
        link.Partition();
        return new ModelEffect(1, $"nothing passes between {link.Name} and the servers");
    }

    private VirtualFault Delay(PlannedFault fault)
    {
        TimeSpan latency = fault.Time("latency");
        TimeSpan jitter = fault.Time("jitter");
        return OnLinks(fault, link => Change(link, latency, jitter), link => Change(link, -latency, -jitter));
    }

    private static ModelEffect Change(ModelLink link, TimeSpan latency, TimeSpan jitter)
    {
        link.Latency += latency;
        link.Jitter += jitter;
        return new ModelEffect(1, $"{link.Name} is slower by {Duration.Format(latency)}");
    }

    private VirtualFault Throttle(PlannedFault fault)
    {
        long rate = fault.Count("kilobytes_per_second") * 1000L;
        ImmutableArray<(ModelLink Link, long Before)> links = [.. LinksOf(fault).Select(link => (link, link.Throttled))];
        foreach ((ModelLink link, _) in links)
        {
            link.BytesPerSecond = rate;
        }

        return new VirtualFault([], () => [.. links.Select(each => Widen(each.Link, each.Before))], "nobody of that name takes part");
    }

    private static ModelEffect Widen(ModelLink link, long throttledBefore)
    {
        link.BytesPerSecond = null;
        long bytes = link.Throttled - throttledBefore;
        return new ModelEffect(bytes, $"{bytes} bytes of {link.Name} were delayed");
    }

    /// <summary>Each participant's connection is named after it; the last of that name is the one of its present life, connected or trying to be.</summary>
    private ImmutableArray<ModelLink> LinksOf(PlannedFault fault) =>
        [.. fault.Targets.Select(target => connector.Links.LastOrDefault(link => link.Name == target)).OfType<ModelLink>()];

    // ---- the servers

    private VirtualFault OnServers(PlannedFault fault, Func<int, ModelEffect> bite, Func<int, ModelEffect> undo)
    {
        ImmutableArray<int> servers = [.. ServersOf(fault).Where(server => server is { IsRunning: true, IsPaused: false }).Select(server => server.Number)];
        return new VirtualFault([.. servers.Select(bite)], () => [.. servers.Select(undo)], "no such server runs");
    }

    /// <summary>The model has one leader for a stream and its consumers, and none for the cluster: whoever is asked for, the stream's steps down.</summary>
    private VirtualFault StepDown(string of)
    {
        string before = connector.Server.LeaderOf(stream)?.Name ?? "nobody";
        string instead = of == "stream" ? "" : $"; the model has no leader of {of} beside it";
        var effect = new ModelEffect(connector.StepDown(stream) ? 1 : 0, $"{before} led {stream}{instead}");
        return new VirtualFault([effect], () => [], "");
    }

    private ModelEffect Damage(PlannedFault fault, int server)
    {
        connector.KillServer(server);
        return fault.Word("file") switch
        {
            "block" => connector.DamageBlock(server, stream, fault.Kind == FaultKind.StoreTruncate ? 1 - fault.Ratio("share") : 0.5),
            "consumer" => connector.DamageConsumers(server, stream),
            "meta" => connector.DamageMeta(server, stream),
            string harmless => new ModelEffect(1, $"the {harmless} of {stream} is made anew from its blocks"),
        };
    }

    private ModelEffect FillDisk(int server)
    {
        connector.FillDisk(server);
        return new ModelEffect(1, $"{connector.Server.Nodes[server].Name} has no room left");
    }

    private ImmutableArray<ModelNode> ServersOf(PlannedFault fault)
    {
        ImmutableArray<string> names = fault.HitsLeader ? [connector.Server.LeaderOf(stream)?.Name ?? ""] : fault.Targets;
        return [.. connector.Server.Nodes.Where(server => names.Contains(server.Name))];
    }

    private sealed class VirtualFault(ImmutableArray<ModelEffect> effects, Func<ImmutableArray<ModelEffect>> undo, string nobody) : IActiveFault
    {
        private ImmutableArray<ModelEffect> _seen = effects;

        public string? Proof => _seen.Any(effect => effect.Count > 0) ? Text(_seen.Where(effect => effect.Count > 0)) : null;

        public string Doubt => _seen.IsEmpty ? nobody : Text(_seen);

        public ActorTask EndAsync(IActorContext context)
        {
            _seen = [.. _seen, .. undo()];
            return ActorTask.CompletedTask;
        }

        private static string Text(IEnumerable<ModelEffect> effects) => Observed.Together(effects.Select(effect => effect.Text));
    }
}
