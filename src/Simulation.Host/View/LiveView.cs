using System.Globalization;
using Simulation.Host.Configuration.Values;
using Simulation.Kernel;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Simulation.Host.View;

/// <summary>
/// A table at the bottom of the terminal that is kept up to date, under the newest lines of the log. When it ends, the log stays in the
/// terminal's own scroll-back.
/// </summary>
internal sealed class LiveView : IRunView
{
    private const int LinesShown = 12;
    private const int LinesKept = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly Lock _gate = new();
    private readonly Queue<(LogLevel Level, string Line)> _lines = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly RateMeter _rates = new();
    private readonly Task _drawing;
    private volatile RunSnapshot? _latest;

    public LiveView(IAnsiConsole console)
    {
        _console = console;
        _drawing = console.Live(new Text("starting")).AutoClear(true).StartAsync(DrawAsync);
    }

    public static LiveView OnTerminal(TextWriter output, bool colour) => new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Detect,
        ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Out = new AnsiConsoleOutput(output),
    }));

    public void Show(RunSnapshot snapshot) => _latest = snapshot;

    public void WriteLine(LogLevel level, string line)
    {
        lock (_gate)
        {
            _lines.Enqueue((level, line));
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _drawing;
        PrintLines();
        _ending.Dispose();
    }

    private async Task DrawAsync(LiveDisplayContext display)
    {
        RunSnapshot? metered = null;
        while (!_ending.IsCancellationRequested)
        {
            RunSnapshot? snapshot = _latest;
            if (snapshot is not null && snapshot != metered)
            {
                _rates.Add(metered = snapshot);
            }

            IRenderable standing = snapshot is null ? new Text("starting") : Draw(snapshot, _rates);
            display.UpdateTarget(new Rows(Lines(LinesShown).Append(standing)));
            await Task.Delay(Pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static IRenderable Draw(RunSnapshot snapshot, RateMeter rates)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumns("", "", "", "");
        table.AddRow("phase", Cell(snapshot.Phase), "time", Cell($"{Duration.Format(TimeSpan.FromSeconds(Math.Floor(snapshot.Elapsed.TotalSeconds)))} of {Duration.Format(snapshot.Duration)}"));
        table.AddRow("sent", Cell($"{snapshot.Sent:N0}  ({rates.Sent:0.#}/s)"), "received", Cell($"{snapshot.Received:N0}  ({rates.Received:0.#}/s)"));
        table.AddRow("lag", Cell($"{snapshot.Lag:N0}"), "rate", Cell($"x {snapshot.RateMultiplier:0.00}"));
        table.AddRow("workers", Cell($"{snapshot.WorkersActive}"), "partitions", Cell($"{snapshot.PartitionsOwned}/{snapshot.PartitionsTotal}"));
        table.AddRow("gaps pending", Cell($"{snapshot.GapsPending:N0}"), "redelivered", Cell($"{snapshot.Redelivered:N0}"));
        table.AddRow("unknown", Cell($"{snapshot.Unknown:N0}"), "verdict", snapshot.Violations.IsEmpty
            ? $"[green]{snapshot.VerdictSoFar}[/]"
            : $"[red]{Markup.Escape(snapshot.VerdictSoFar)}[/]");
        return table;
    }

    private static string Cell(FormattableString text) => Markup.Escape(text.ToString(CultureInfo.InvariantCulture));

    private static string Cell(string text) => Markup.Escape(text);

    private void PrintLines()
    {
        foreach (IRenderable line in Lines(LinesKept))
        {
            _console.Write(line);
            _console.WriteLine();
        }
    }

    private IRenderable[] Lines(int newest)
    {
        lock (_gate)
        {
            return [.. _lines.TakeLast(newest).Select(entry => new Text(entry.Line, StyleOf(entry.Level)))];
        }
    }

    private static Style StyleOf(LogLevel level) => level switch
    {
        LogLevel.Error => new Style(Color.Red),
        LogLevel.Warning => new Style(Color.Yellow),
        LogLevel.Debug => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
