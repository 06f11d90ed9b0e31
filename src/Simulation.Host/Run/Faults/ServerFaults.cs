using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Simulation.Chaos;
using Simulation.Kernel;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Run;

/// <summary>What can be done to the run's own servers, their processes and their stores.</summary>
/// <param name="cluster">The servers.</param>
/// <param name="stream">Of the run: whose leader is the leader, and whose files are damaged.</param>
/// <param name="shadows">Of the servers' stores, by name; those of a plan without power losses are not kept.</param>
/// <param name="seed">Draws where a store is damaged.</param>
internal sealed class ServerFaults(EmbeddedNatsCluster cluster, string stream, StoreShadows shadows, ulong seed) : IFaultInjector
{
    /// <summary>Each takes part of a second, and a run may have thousands.</summary>
    private const int MostConsumers = 32;

    private readonly ClusterLeaders _leaders = new(cluster);

    public static IReadOnlySet<FaultKind> Supported { get; } = new[]
    {
        FaultKind.ServerKill, FaultKind.ServerPause, FaultKind.ServerRestart, FaultKind.LeaderStepdown, FaultKind.PowerLoss,
        FaultKind.StoreBitflip, FaultKind.StoreTruncate, FaultKind.StoreZero, FaultKind.DiskFull,
    }.ToFrozenSet();

    public IReadOnlySet<FaultKind> Kinds => Supported;

    public string? WhyNot(FaultKind kind) => null;

    public async ActorTask<IActiveFault> InjectAsync(PlannedFault fault, IActorContext context) =>
        await RealWork.RunAsync(async () => fault.Kind == FaultKind.LeaderStepdown ? await StepDownAsync(fault.Word("of")) : await StrikeAsync(fault));

    private async Task<IActiveFault> StrikeAsync(PlannedFault fault)
    {
        ImmutableArray<EmbeddedNatsServer> servers = await TargetsOf(fault);
        string[] proofs = await Task.WhenAll(servers.Select(server => StrikeAsync(fault, server)));
        return new StruckServers(servers, string.Join(", ", proofs), fault.Kind == FaultKind.ServerPause ? ResumeAsync : ComeBackAsync);
    }

    /// <returns>The proof.</returns>
    private async Task<string> StrikeAsync(PlannedFault fault, EmbeddedNatsServer server) => fault.Kind switch
    {
        FaultKind.ServerKill => await KillAsync(server),
        FaultKind.ServerPause => await PauseAsync(server),
        FaultKind.ServerRestart => await StopAsync(server),
        FaultKind.PowerLoss => $"{await KillAsync(server)}; {await shadows.RollBackAsync(server)}",
        FaultKind.DiskFull => fault.Word(FaultEntry.Full) == FaultEntry.Disk ? FillDisk(server) : await FillAsync(server),
        FaultKind.StoreBitflip or FaultKind.StoreTruncate or FaultKind.StoreZero => await DamageAsync(fault, server),
        _ => throw new NotSupportedException(fault.Name),
    };

    private async Task<ImmutableArray<EmbeddedNatsServer>> TargetsOf(PlannedFault fault)
    {
        if (!fault.HitsLeader)
        {
            return [.. cluster.Servers.Where(server => fault.Targets.Contains(server.Name))];
        }

        if (cluster.Servers is [{ } only])
        {
            return [only];
        }

        string leader = await _leaders.OfStreamAsync(stream) ?? throw new InvalidOperationException($"nobody leads stream {stream} at this moment");
        return [.. cluster.Servers.Where(server => server.Name == leader)];
    }

    private async Task<IActiveFault> StepDownAsync(string of)
    {
        LeaderChange?[] changes = of switch
        {
            "stream" => [await _leaders.StepDownStreamAsync(stream)],
            "meta" => [await _leaders.StepDownMetaGroupAsync()],
            _ => await Task.WhenAll((await _leaders.ConsumersOfAsync(stream)).Take(MostConsumers).Select(consumer => _leaders.StepDownConsumerAsync(stream, consumer))),
        };
        LeaderChange[] done = [.. changes.OfType<LeaderChange>().Where(change => change.To is not null)];
        return done.Length == 0
            ? FinishedFault.Missed($"no leader of {of} stepped down for another one")
            : FinishedFault.Bit(string.Create(CultureInfo.InvariantCulture,
                $"{done.Length} of {changes.Length} moved: {done[0].Group} from {done[0].From} to {done[0].To}"));
    }

    private static async Task<string> KillAsync(EmbeddedNatsServer server)
    {
        await server.KillAsync();
        return await ExitOfAsync(server);
    }

    private static async Task<string> StopAsync(EmbeddedNatsServer server)
    {
        await server.StopAsync();
        return await ExitOfAsync(server);
    }

    private static async Task<string> PauseAsync(EmbeddedNatsServer server) => await server.SuspendAsync()
        ? $"{server.Name} (process {server.ProcessId}) stands still"
        : throw new InvalidOperationException(server.IsRunning ? $"the system does not let this process send {server.Name} a signal" : $"{server.Name} was not running");

    /// <summary>A limit of what it has already leaves no room for more. The limit is taken at a start.</summary>
    private static async Task<string> FillAsync(EmbeddedNatsServer server)
    {
        await server.StopAsync();
        long used = Directory.EnumerateFiles(server.StoreFolder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        server.FileStorageLimit = Math.Max(used, 1);
        await server.RestartAsync();
        return $"{server.Name} may store {server.FileStorageLimit} bytes, and has {used}";
    }

    private static string FillDisk(EmbeddedNatsServer server)
    {
        QuotaDisk disk = server.Disk ?? throw new InvalidOperationException($"{server.Name} has no disk of its own");
        long taken = disk.Fill();
        return string.Create(CultureInfo.InvariantCulture, $"{taken} bytes were taken on the disk of {server.Name}, and {disk.Free} are left");
    }

    private async Task<string> DamageAsync(PlannedFault fault, EmbeddedNatsServer server)
    {
        string exit = await KillAsync(server);
        ImmutableArray<string> files = StoreFiles.Of(server.StoreFolder, stream, Enum.Parse<StoreFileKind>(fault.Word("file"), ignoreCase: true));
        if (files.IsEmpty)
        {
            await server.RestartAsync();
            throw new InvalidOperationException($"{server.Name} has no {fault.Word("file")} file of stream {stream}");
        }

        RandomStream random = RandomStream.Derive(seed, $"store/{fault.Number}/{server.Name}");
        string file = files[random.Next(files.Length)];
        return $"{exit}; {string.Join(", ", Damage(fault, file, random))}";
    }

    private static IEnumerable<StoreChange> Damage(PlannedFault fault, string file, RandomStream random)
    {
        long size = new FileInfo(file).Length;
        long Part(long most) => Math.Clamp((long)(size * fault.Ratio("share")), 1, most);
        switch (fault.Kind)
        {
            case FaultKind.StoreTruncate:
                return [StoreDamage.Truncate(file, size - Part(size))];
            case FaultKind.StoreZero:
                long length = Part(size);
                return [StoreDamage.Zero(file, (long)(random.NextDouble() * (size - length)), length)];
            default:
                return [.. Enumerable.Range(0, fault.Count("bits")).Select(_ => StoreDamage.FlipBit(file, (long)(random.NextDouble() * size), random.Next(8)))];
        }
    }

    private static async Task<string> ExitOfAsync(EmbeddedNatsServer server)
    {
        NatsServerExit exit = await server.WhenExited;
        return string.Create(CultureInfo.InvariantCulture, $"{server.Name} ended with exit code {exit.ExitCode}");
    }

    private static Task ResumeAsync(EmbeddedNatsServer server) => server.ResumeAsync();

    private static async Task ComeBackAsync(EmbeddedNatsServer server)
    {
        // JetStream gives up on a disk that was full, and takes it again at a start.
        if (server.FileStorageLimit is not null || server.Disk is { IsFilled: true })
        {
            server.Disk?.Release();
            await server.StopAsync();
            server.FileStorageLimit = null;
        }

        if (!server.IsRunning)
        {
            await server.RestartAsync();
        }
    }

    private sealed class StruckServers(ImmutableArray<EmbeddedNatsServer> servers, string proof, Func<EmbeddedNatsServer, Task> heal) : IActiveFault
    {
        public string? Proof => servers.IsEmpty ? null : proof;

        public string Doubt => "there is no such server";

        public ActorTask EndAsync(IActorContext context) => RealWork.RunAsync(() => Task.WhenAll(servers.Select(heal)));
    }
}
