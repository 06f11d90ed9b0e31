using System.Diagnostics;
using System.Text.Json;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Embedded;

/// <summary>What can be done to servers: that it bit, that it is undone, and that nothing of it is left when the harness is killed meanwhile.</summary>
public sealed class ServerFaultTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task SuspendAsync_Server_StandsStillUntilItIsResumed()
    {
        await using EmbeddedNatsServer server = await StartAsync();

        bool suspended = await server.SuspendAsync();
        string state = State(server.ProcessId);
        JsonElement? whileSuspended = await server.RequestAsync("$JS.API.INFO", "", CancellationToken.None);
        await server.ResumeAsync();
        JsonElement? afterwards = await server.RequestAsync("$JS.API.INFO", "", CancellationToken.None);

        Assert.True(suspended);
        Assert.Equal("T", state);
        Assert.Null(whileSuspended);
        Assert.NotNull(afterwards);
        Assert.Equal((1, false), (server.Incarnation, server.IsSuspended));
    }

    [SkippableFact]
    public async Task KillAsync_SuspendedServer_EndsAndComesBackAwake()
    {
        await using EmbeddedNatsServer server = await StartAsync();
        await server.SuspendAsync();

        await server.KillAsync();
        int exitCode = (await server.WhenExited).ExitCode;
        await server.RestartAsync();

        Assert.Equal((137, 2), (exitCode, server.Incarnation));
        Assert.False(server.IsSuspended);
        Assert.NotNull(await server.RequestAsync("$JS.API.INFO", "", CancellationToken.None));
    }

    [SkippableFact]
    public async Task StopAsync_SuspendedByUs_WakesItToEndByItself()
    {
        await using EmbeddedNatsServer server = await StartAsync();
        await server.SuspendAsync();

        await server.StopAsync();

        Assert.Contains("Server Exiting", (await server.WhenExited).LastLogLines);
    }

    [SkippableFact]
    public async Task SuspendAsync_HarnessIsKilledMeanwhile_ServerGoesToo()
    {
        await TestServerVersions.LocateAsync(TestServerVersions.V210);
        using Process parent = Harness("suspended");
        using Process server = Process.GetProcessById(int.Parse((await parent.StandardOutput.ReadLineAsync())!.Split(' ')[1]));
        Assert.Equal("T", State(server.Id));

        parent.Kill();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await server.WaitForExitAsync(patience.Token);
    }

    [SkippableFact]
    public async Task QuotaDisk_HarnessIsKilledMeanwhile_IsUnmounted()
    {
        await RequireDiskAsync();
        await TestServerVersions.LocateAsync(TestServerVersions.V210);
        using Process parent = Harness("disk");
        await parent.StandardOutput.ReadLineAsync();
        Assert.Contains(_folder.Path, await File.ReadAllTextAsync("/proc/mounts"));

        parent.Kill();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await File.ReadAllTextAsync("/proc/mounts")).Contains(_folder.Path))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>As whoever takes up the work of a harness that was killed does.</summary>
    [SkippableFact]
    public async Task QuotaDisk_HarnessWasKilled_IsMountedAgainWithWhatWasOnIt()
    {
        await QuotaDisk_HarnessIsKilledMeanwhile_IsUnmounted();
        string folder = Path.Combine(_folder.Path, "store");
        Assert.Empty(Directory.GetFileSystemEntries(folder));

        await using (QuotaDisk disk = await QuotaDisk.MountAsync(folder, 100 << 20))
        {
            Assert.True(Directory.Exists(Path.Combine(folder, "jetstream")));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path, "*.img"));
    }

    /// <summary>The keeper of the dead comes to itself only when the disk is mounted again: that one is not its own any more.</summary>
    [SkippableFact]
    public async Task QuotaDisk_OldKeeperIsSlowToEnd_LeavesTheNewMountAlone()
    {
        await RequireDiskAsync();
        Skip.IfNot(File.Exists("/bin/umount"), "needs /bin/umount to slow it down");
        await TestServerVersions.LocateAsync(TestServerVersions.V210);
        string slow = Directory.CreateDirectory(Path.Combine(_folder.Path, "slow")).FullName;
        string umount = Path.Combine(slow, "umount");
        await File.WriteAllTextAsync(umount, "#!/bin/sh\n/bin/umount \"$@\"\ncode=$?\nsleep 1\nexit $code\n");
        await Tool.RunAsync("chmod", ["+x", umount]);
        using Process parent = Harness("disk", path: slow);
        await parent.StandardOutput.ReadLineAsync();

        parent.Kill();
        string folder = Path.Combine(_folder.Path, "store");
        await using QuotaDisk disk = await QuotaDisk.MountAsync(folder, 100 << 20);
        while (QuotaDisk.KeepersOf(folder) > 1)
        {
            await Task.Delay(20);
        }

        Assert.Contains(folder, await File.ReadAllTextAsync("/proc/mounts"));
        Assert.True(Directory.Exists(Path.Combine(folder, "jetstream")));
    }

    [SkippableFact]
    public async Task QuotaDisk_Filled_RefusesWritesUntilItIsReleased()
    {
        await RequireDiskAsync();
        string folder = Path.Combine(_folder.Path, "disk");
        await using QuotaDisk disk = await QuotaDisk.MountAsync(folder, 16 << 20);

        long taken = disk.Fill();
        Assert.Throws<IOException>(() => File.WriteAllBytes(Path.Combine(folder, "file"), new byte[8192]));
        disk.Release();
        File.WriteAllBytes(Path.Combine(folder, "file"), new byte[8192]);

        Assert.InRange(taken, 1 << 20, 16 << 20);
    }

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task DiskFull_QuotaDisk_PublishesAreRefusedUntilThereIsRoomAndARestart(string version)
    {
        await RequireDiskAsync();
        EmbeddedNatsServerOptions options = await OptionsAsync(version) with { MinimumFreeDisk = 0 };
        await using QuotaDisk disk = await QuotaDisk.MountAsync(Path.Combine(options.Folder, "store"), 64 << 20);
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(options);
        await CreateStreamAsync(server);
        Assert.True(await PublishAsync(server));

        disk.Fill();
        await RefusedAsync(server);
        disk.Release();
        await server.StopAsync();
        await server.RestartAsync();

        Assert.True(await PublishAsync(server));
    }

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task DiskFull_ServersOwnLimit_PublishesAreRefusedUntilItIsLifted(string version)
    {
        await using EmbeddedNatsServer server = await StartAsync(version);
        await CreateStreamAsync(server);
        await PublishAsync(server);

        await server.StopAsync();
        server.FileStorageLimit = 1 << 20;
        await server.RestartAsync();
        await RefusedAsync(server);
        await server.StopAsync();
        server.FileStorageLimit = null;
        await server.RestartAsync();

        Assert.True(await PublishAsync(server));
    }

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task StepDown_StreamConsumerAndMetaGroup_AnotherServerLeads(string version)
    {
        await using EmbeddedNatsCluster cluster = await EmbeddedNatsCluster.StartAsync(3, await OptionsAsync(version));
        await CreateStreamAsync(cluster.Servers[0], replicas: 3);
        await cluster.Servers[0].RequestAsync(
            "$JS.API.CONSUMER.DURABLE.CREATE.KEPT.C", """{"stream_name":"KEPT","config":{"durable_name":"C","ack_policy":"explicit"}}""", CancellationToken.None);
        var leaders = new ClusterLeaders(cluster);
        while (await leaders.OfStreamAsync("KEPT") is null || await leaders.OfConsumerAsync("KEPT", "C") is null)
        {
            await Task.Delay(20);
        }

        LeaderChange?[] changes =
            [await leaders.StepDownStreamAsync("KEPT"), await leaders.StepDownConsumerAsync("KEPT", "C"), await leaders.StepDownMetaGroupAsync()];

        Assert.All(changes, change => Assert.True(change is { To: not null } && change.To != change.From, $"{change}"));
        Assert.Null(await leaders.StepDownStreamAsync("MISSING"));
    }

    private static async Task RequireDiskAsync()
    {
        string? whyNot = await QuotaDisk.WhyNotAsync();
        Skip.If(whyNot is not null, whyNot);
    }

    /// <param name="what">The fault.</param>
    /// <param name="path">Where it looks for programs first.</param>
    private Process Harness(string what, string path = "") => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(TestServerVersions).Assembly.Location, TestServerVersions.V210, _folder.Path, what])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment = { ["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}" },
    })!;

    private async Task<EmbeddedNatsServer> StartAsync(string version = TestServerVersions.V210) =>
        await EmbeddedNatsServer.StartAsync(await OptionsAsync(version));

    private async Task<EmbeddedNatsServerOptions> OptionsAsync(string version) =>
        new() { Binary = await TestServerVersions.LocateAsync(version), Folder = Path.Combine(_folder.Path, version) };

    private static async Task CreateStreamAsync(EmbeddedNatsServer server, int replicas = 1)
    {
        string config = $$"""{"name":"KEPT","subjects":["kept"],"storage":"file","num_replicas":{{replicas}}}""";
        JsonElement? answer = await server.RequestAsync("$JS.API.STREAM.CREATE.KEPT", config, CancellationToken.None);
        Assert.False(answer?.IsError() ?? true, $"{answer}");
    }

    private static async Task<bool> PublishAsync(EmbeddedNatsServer server) =>
        await server.RequestAsync("kept", new string('x', 100_000), CancellationToken.None) is { } answer && !answer.IsError();

    private static async Task RefusedAsync(EmbeddedNatsServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await PublishAsync(server))
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The letter of <c>/proc</c>: T stopped by a signal.</summary>
    private static string State(int processId)
    {
        Skip.IfNot(Directory.Exists("/proc/self"), "needs /proc to look at a process");
        return File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1][..1];
    }
}
