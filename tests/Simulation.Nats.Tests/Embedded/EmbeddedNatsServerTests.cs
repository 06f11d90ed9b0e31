using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Embedded;

public sealed class EmbeddedNatsServerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task StartAsync_WithLimits_GivesJetStreamWithTheseLimits(string version)
    {
        EmbeddedNatsServerOptions options = await OptionsAsync(version) with { MaxMemory = 10_000_000_000, MaxFileStorage = 50_000_000_000 };
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(options);

        string log = await File.ReadAllTextAsync(server.LogFile);
        Assert.Contains("Max Memory:      9.31 GB", log);
        Assert.Contains("Max Storage:     46.57 GB", log);
        Assert.Contains($"Version:  {server.Version}", log);
    }

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task RestartAsync_AfterKill_KeepsPortAndStore(string version)
    {
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(await OptionsAsync(version));
        await CreateStreamAsync(server);
        (int port, int first) = (server.Port, server.ProcessId);

        await server.KillAsync();
        NatsServerExit exit = await server.WhenExited;
        await server.RestartAsync();

        Assert.Equal((137, true, 1), (exit.ExitCode, exit.Expected, exit.Incarnation));
        Assert.Equal((port, 2), (server.Port, server.Incarnation));
        Assert.NotEqual(first, server.ProcessId);
        Assert.False((await AskAsync(server, "$JS.API.STREAM.INFO.KEPT")).IsError());
    }

    [SkippableFact]
    public async Task StopAsync_WhileRunning_EndsTheServerByItself()
    {
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(await OptionsAsync(TestServerVersions.V210));

        await server.StopAsync();

        NatsServerExit exit = await server.WhenExited;
        Assert.True(exit.Expected);
        Assert.Contains("Server Exiting", exit.LastLogLines);
        Assert.False(server.IsRunning);
    }

    [SkippableFact]
    public async Task StopAsync_SuspendedServer_IsKilledAfterTheBound()
    {
        EmbeddedNatsServerOptions options = await OptionsAsync(TestServerVersions.V210) with { StopTimeout = TimeSpan.FromMilliseconds(100) };
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(options);
        await SignalAsync("STOP", server.ProcessId);

        await server.StopAsync();

        Assert.Equal(137, (await server.WhenExited).ExitCode);
    }

    [SkippableFact]
    public async Task Exited_KilledBySomebodyElse_TellsTheExitAsUnexpected()
    {
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(await OptionsAsync(TestServerVersions.V210));
        var told = new TaskCompletionSource<NatsServerExit>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Exited += told.SetResult;

        await SignalAsync("KILL", server.ProcessId);

        NatsServerExit exit = await told.Task;
        Assert.Equal((137, false), (exit.ExitCode, exit.Expected));
        Assert.Contains("Server is ready", exit.LastLogLines);
        await server.RestartAsync();
        Assert.True(server.IsRunning);
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("-")]
    public async Task StartAsync_ParentOrItsWholeGroupIsKilled_ServerGoesToo(string group)
    {
        Skip.IfNot(File.Exists("/usr/bin/setsid"), "A group that can be killed without killing this test needs setsid.");
        // Fetch here, so that the child has nothing to wait for.
        await TestServerVersions.LocateAsync(TestServerVersions.V210);
        var start = new ProcessStartInfo("setsid", ["dotnet", typeof(TestServerVersions).Assembly.Location, TestServerVersions.V210, _folder.Path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process parent = Process.Start(start)!;
        string[] answer = (await parent.StandardOutput.ReadLineAsync())!.Split(' ');
        using Process server = Process.GetProcessById(int.Parse(answer[1]));

        // SIGKILL: the parent gets no chance to clean up.
        await Tool.RunAsync("/bin/sh", ["-c", $"kill -KILL {group}{parent.Id}"]);

        await parent.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await server.WaitForExitAsync(patience.Token);
        Assert.Contains("Server Exiting", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "server.log")));
    }

    [SkippableFact]
    public async Task StartAsync_PortInUse_SaysSo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        EmbeddedNatsServerOptions options = await OptionsAsync(TestServerVersions.V210) with { Port = port };

        var error = await Assert.ThrowsAsync<NatsServerStartException>(() => EmbeddedNatsServer.StartAsync(options));

        Assert.Equal(NatsServerStartProblem.PortInUse, error.Problem);
        Assert.Contains($"Port {port}", error.Message);
    }

    [SkippableFact]
    public async Task StartAsync_FolderIsAFile_SaysThatItCannotBeWritten()
    {
        string file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");
        EmbeddedNatsServerOptions options = await OptionsAsync(TestServerVersions.V210) with { Folder = Path.Combine(file, "store") };

        var error = await Assert.ThrowsAsync<NatsServerStartException>(() => EmbeddedNatsServer.StartAsync(options));

        Assert.Equal(NatsServerStartProblem.FolderNotWritable, error.Problem);
        Assert.Contains(options.Folder, error.Message);
    }

    [SkippableFact]
    public async Task StartAsync_TooLittleDisk_SaysHowMuchIsNeeded()
    {
        EmbeddedNatsServerOptions options = await OptionsAsync(TestServerVersions.V210) with { MinimumFreeDisk = long.MaxValue };

        var error = await Assert.ThrowsAsync<NatsServerStartException>(() => EmbeddedNatsServer.StartAsync(options));

        Assert.Equal(NatsServerStartProblem.OutOfDisk, error.Problem);
    }

    [SkippableFact]
    public async Task StartAsync_ServerDiesAtOnce_QuotesItsLastLogLines()
    {
        // A payload above the server's own maximum makes it refuse its configuration.
        EmbeddedNatsServerOptions options = await OptionsAsync(TestServerVersions.V210) with { MaxPayload = int.MaxValue };

        var error = await Assert.ThrowsAsync<NatsServerStartException>(() => EmbeddedNatsServer.StartAsync(options));

        Assert.Equal(NatsServerStartProblem.Died, error.Problem);
        Assert.Contains("max_pa", error.Message);
    }

    [SkippableFact]
    public async Task StartAsync_SyncInterval_WorksFrom210AndIsRefusedBefore()
    {
        EmbeddedNatsServerOptions old = await OptionsAsync(TestServerVersions.V29) with { SyncInterval = TimeSpan.Zero };
        EmbeddedNatsServerOptions recent = await OptionsAsync(TestServerVersions.V210) with { SyncInterval = TimeSpan.Zero };

        var error = await Assert.ThrowsAsync<NatsServerStartException>(() => EmbeddedNatsServer.StartAsync(old));
        await using EmbeddedNatsServer server = await EmbeddedNatsServer.StartAsync(recent);

        Assert.Equal(NatsServerStartProblem.Unsupported, error.Problem);
        Assert.True(server.IsRunning);
    }

    private async Task<EmbeddedNatsServerOptions> OptionsAsync(string version) =>
        new() { Binary = await TestServerVersions.LocateAsync(version), Folder = Path.Combine(_folder.Path, version) };

    private static async Task<JsonElement> AskAsync(EmbeddedNatsServer server, string subject, string body = "") =>
        await server.RequestAsync(subject, body, CancellationToken.None) ?? throw new InvalidOperationException($"No answer to {subject}.");

    private static Task<JsonElement> CreateStreamAsync(EmbeddedNatsServer server) =>
        AskAsync(server, "$JS.API.STREAM.CREATE.KEPT", """{"name":"KEPT","subjects":["kept"],"storage":"file"}""");

    private static async Task SignalAsync(string signal, int processId) =>
        await Tool.RunAsync("/bin/sh", ["-c", $"kill -{signal} {processId}"]);
}
