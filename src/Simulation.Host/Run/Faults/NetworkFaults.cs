using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Simulation.Chaos;
using Simulation.Kernel;
using Simulation.Nats.Embedded;
using Simulation.Nats.Proxy;

namespace Simulation.Host.Run;

/// <summary>What can be done to the ways between participants and servers, and between servers: proxies stand in them.</summary>
internal sealed class NetworkFaults(FaultNetwork network, EmbeddedNatsCluster? cluster) : IFaultInjector
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectPoll = TimeSpan.FromMilliseconds(50);

    public static IReadOnlySet<FaultKind> Supported { get; } = new[]
    {
        FaultKind.NatsDisconnect, FaultKind.NetworkLatency, FaultKind.NetworkBandwidth, FaultKind.NetworkPartition, FaultKind.HalfOpen,
    }.ToFrozenSet();

    public IReadOnlySet<FaultKind> Kinds => Supported;

    public string? WhyNot(FaultKind kind) => null;

    public async ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context)
    {
        LinkConditions conditions = ConditionsOf(fault);
        ImmutableArray<FaultLinks> links = [.. fault.Targets.Select(LinksOf)];
        await UntilConnectedAsync(links, context);
        return new ActiveLinkFault(fault.Kind, [.. links.Select(way => way.Begin(conditions))]);
    }

    /// <summary>Whoever was ended a moment ago may be on its way back, and what it has not got cannot be taken from it.</summary>
    private static async ActorTask UntilConnectedAsync(ImmutableArray<FaultLinks> links, IActorContext context)
    {
        TimeSpan deadline = context.Uptime + ConnectPatience;
        while (links.Any(way => way.Open == 0) && context.Uptime < deadline)
        {
            await context.Delay(ConnectPoll);
        }
    }

    private static LinkConditions ConditionsOf(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.NatsDisconnect => new LinkConditions { Refuse = true },
        FaultKind.NetworkLatency => new LinkConditions { Latency = fault.Time("latency"), Jitter = fault.Time("jitter") },
        FaultKind.NetworkBandwidth => new LinkConditions { BytesPerSecond = fault.Count("kilobytes_per_second") * 1000L },
        FaultKind.NetworkPartition => new LinkConditions { Hold = true },
        FaultKind.HalfOpen => new LinkConditions { Swallow = true },
        _ => throw new NotSupportedException(fault.Name),
    };

    /// <summary>A server's ways are those to the other servers.</summary>
    private FaultLinks LinksOf(string target) =>
        cluster?.Servers.FirstOrDefault(server => server.Name == target) is { } server
            ? cluster.RoutesOf(server) ?? throw new InvalidOperationException($"{target} has no routes to other servers")
            : network.LinksOf(target);

    private sealed class ActiveLinkFault(FaultKind kind, ImmutableArray<LinkFault> faults) : IActiveFault
    {
        /// <summary>Of several, one that had nothing to say meanwhile felt nothing, and is named.</summary>
        public string? Proof => faults.Any(fault => Effect(fault) > 0)
            ? string.Join(", ", faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Name}: {Effect(fault)} {Unit}")))
            : null;

        public string Doubt => $"{string.Join(", ", faults.Select(fault => fault.Name))}: no {Unit}";

        private string Unit => kind switch
        {
            FaultKind.NatsDisconnect => "connections reset",
            FaultKind.NetworkPartition => "bytes or connections held back",
            FaultKind.HalfOpen => "bytes swallowed",
            _ => "bytes delayed",
        };

        public ActorTask EndAsync(IActorContext context)
        {
            foreach (LinkFault fault in faults)
            {
                fault.Dispose();
            }

            return ActorTask.CompletedTask;
        }

        private long Effect(LinkFault fault) => (kind, fault.Since) switch
        {
            (FaultKind.NatsDisconnect, var since) => since.Reset + since.Refused,
            (FaultKind.NetworkPartition, var since) => since.Held + since.Stalled,
            (FaultKind.HalfOpen, var since) => since.Swallowed,
            (_, var since) => since.Delayed,
        };
    }
}
