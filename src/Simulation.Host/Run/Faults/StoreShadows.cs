using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Kernel;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Run;

/// <summary>The shadows of all servers' stores, kept from the moment when messages are sent: docs/decisions/power-loss.md.</summary>
internal sealed class StoreShadows : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    private readonly Task<ImmutableArray<StoreShadow>> _shadows;

    private StoreShadows(Task<ImmutableArray<StoreShadow>> shadows) => _shadows = shadows;

    public static IReadOnlySet<FaultKind> NeededFor { get; } = new HashSet<FaultKind> { FaultKind.PowerLoss };

    /// <summary>Of a run that loses no power.</summary>
    public static StoreShadows None { get; } = new(Task.FromResult(ImmutableArray<StoreShadow>.Empty));

    /// <param name="interval">Of the servers' sync; null for their default.</param>
    public static StoreShadows Keep(EmbeddedNatsCluster cluster, TimeSpan? interval, ActorSystem system, IActorRef coordinator) =>
        new(KeepAsync(cluster, interval ?? StoreShadow.DefaultSyncInterval, system, coordinator));

    public async Task<StoreRollback> RollBackAsync(EmbeddedNatsServer server)
    {
        StoreShadow shadow = (await _shadows).FirstOrDefault(shadow => shadow.Server == server)
            ?? throw new InvalidOperationException($"the store of {server.Name} was never copied");
        return await shadow.RollBackAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // A run that ended before it sent anything never took a copy.
        if (_shadows.IsCompletedSuccessfully)
        {
            await Task.WhenAll(_shadows.Result.Select(shadow => shadow.DisposeAsync().AsTask()));
        }
    }

    private static async Task<ImmutableArray<StoreShadow>> KeepAsync(
        EmbeddedNatsCluster cluster, TimeSpan interval, ActorSystem system, IActorRef coordinator)
    {
        await system.RunAsync(async context =>
        {
            while ((await context.Ask<RunStatus>(coordinator, new GetStatus(), AnswerPatience)).Phase < RunPhase.Running)
            {
                await context.Delay(Poll);
            }
        });
        return [.. await Task.WhenAll(cluster.Servers.Select(server => StoreShadow.KeepAsync(server, interval)))];
    }
}
