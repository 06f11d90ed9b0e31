using Simulation.Host.View;
using Simulation.Kernel;
using Spectre.Console;

namespace Simulation.Host.Tests.View;

public sealed class ViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RunLog_Lines_GoToConsoleByLevelAndAllToTheFileWithoutPasswords()
    {
        string file = Path.Combine(_folder.Path, "run.log");
        var lines = new List<string>();
        using (var log = new RunLog(file, LogLevel.Info, (_, line) => lines.Add(line), new FixedTime()))
        {
            log.Write(LogLevel.Debug, "kernel", "started");
            log.Info("connected to nats://me:secret@host");
            log.Write(LogLevel.Error, "worker-1", "failed", new InvalidOperationException("because nats://x:secret@y"));
        }

        Assert.Equal(["[10:15:30] [INFO] connected to nats://***@host", "[10:15:30] [ERROR] worker-1: failed: because nats://***@y"], lines);
        string text = File.ReadAllText(file);
        Assert.Contains("2026-11-21T10:15:30.000Z [DEBUG] kernel: started", text);
        Assert.DoesNotContain("secret", text);
    }

    [Fact]
    public void ProgressLines_EverySoOften_AndAtAChangeOfPhase()
    {
        var lines = new List<string>();
        using var log = new RunLog(Path.Combine(_folder.Path, "run.log"), LogLevel.Info, (_, line) => lines.Add(line), new FixedTime());
        var progress = new ProgressLines(log, LogLevel.Info);
        foreach (int second in Enumerable.Range(0, 21))
        {
            progress.Show(Snapshot("running", second));
        }

        progress.Show(Snapshot("draining", 21));

        Assert.Equal(4, lines.Count);
        Assert.Equal(
            "[10:15:30] [INFO] running, 10s of 1m: 100 sent (10/s), 90 received (9/s), lag 10, 2 workers, 10/10 partitions, 0 gaps pending, nothing wrong so far",
            lines[1]);
        Assert.Contains("draining", lines[3]);
    }

    [Fact]
    public async Task LiveView_LinesAndSnapshot_AreBothShown()
    {
        var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        await using (var view = new LiveView(console))
        {
            view.WriteLine(LogLevel.Info, "[10:15:30] [INFO] first");
            view.Show(Snapshot("running", 1));
            view.WriteLine(LogLevel.Warning, "[10:15:31] [WARN] last [sic]");
        }

        Assert.Contains("[10:15:30] [INFO] first", output.ToString());
        Assert.Contains("[10:15:31] [WARN] last [sic]", output.ToString());
    }

    [Fact]
    public void Draw_Violations_AreNamed()
    {
        var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Write(LiveView.Draw(Snapshot("running", 30) with { Violations = ["2 [corrupt]"] }, new RateMeter()));
        Assert.Contains("violated: 2 [corrupt]", output.ToString());
        Assert.Contains("30s of 1m", output.ToString());
    }

    private static RunSnapshot Snapshot(string phase, int second) => new()
    {
        Phase = phase,
        Elapsed = TimeSpan.FromSeconds(second),
        Duration = TimeSpan.FromMinutes(1),
        Sent = second * 10,
        Received = second * 9,
        WorkersActive = 2,
        PartitionsOwned = 10,
        PartitionsTotal = 10,
    };

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 10, 15, 30, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
