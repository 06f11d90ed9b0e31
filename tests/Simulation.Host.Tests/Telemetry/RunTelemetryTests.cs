using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Telemetry;

namespace Simulation.Host.Tests.Telemetry;

public sealed class RunTelemetryTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Linger_NobodyHasRead_IsOverAtOnce()
    {
        await using RunTelemetry telemetry = Start(TimeSpan.FromHours(1));
        await telemetry.LingerAsync(_ => Assert.Fail("It said something."), CancellationToken.None).WaitAsync(Bound);
    }

    [Fact]
    public async Task Linger_SomebodyHasRead_StaysUntilItIsEnough()
    {
        await using RunTelemetry telemetry = Start(TimeSpan.FromHours(1));
        using var client = new HttpClient();
        Assert.Contains("run_id=\"4f2a9c1e\"", await client.GetStringAsync(telemetry.Url));
        using var enough = new CancellationTokenSource();
        string said = "";

        Task lingering = telemetry.LingerAsync(text => said = text, enough.Token);
        Assert.Contains("for 1h (metrics.linger)", said);
        await client.GetStringAsync(telemetry.Url);
        Assert.False(lingering.IsCompleted);
        await enough.CancelAsync();
        await lingering.WaitAsync(Bound);
    }

    [Fact]
    public async Task Linger_OfNothing_IsOverAtOnce()
    {
        await using RunTelemetry telemetry = Start(TimeSpan.Zero);
        using var client = new HttpClient();
        await client.GetStringAsync(telemetry.Url);
        await telemetry.LingerAsync(_ => Assert.Fail("It said something."), CancellationToken.None).WaitAsync(Bound);
    }

    [Fact]
    public void Start_PortInUse_Exits69()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = Assert.Throws<UserErrorException>(() => Start(TimeSpan.Zero, port));
        Assert.Equal(ExitCode.Unavailable, error.ExitCode);
        Assert.Matches(new Regex($"{port}: the port is in use; choose another with metrics.prometheus.port"), error.Message);
    }

    private static RunTelemetry Start(TimeSpan linger, int port = 0) => RunTelemetry.Start(
        new MetricsSection { Linger = linger, Prometheus = new PrometheusSection { Port = port } }, "4f2a9c1e", new Dictionary<string, string>());
}
