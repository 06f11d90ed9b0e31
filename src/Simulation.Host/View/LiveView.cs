using System.Collections.Concurrent;
using System.Globalization;
using Simulation.Host.Configuration.Values;
using Simulation.Kernel;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Simulation.Host.View;

/// <summary>A table at the bottom of the terminal that is kept up to date, with the log running above it.</summary>
internal sealed class LiveView : IRunView
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();
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

    public void WriteLine(LogLevel level, string line) => _lines.Enqueue((level, line));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _drawing;
        PrintLines();
        _ending.Dispose();
    }

    /// <summary>One loop prints and draws, because the console can do only one of the two at a time.</summary>
    private async Task DrawAsync(LiveDisplayContext display)
    {
        RunSnapshot? shown = null;
        while (!_ending.IsCancellationRequested)
        {
            PrintLines();
            if (_latest is { } snapshot && snapshot != shown)
            {
                shown = snapshot;
                _rates.Add(snapshot);
                display.UpdateTarget(Draw(snapshot, _rates));
            }

            await Task.Delay(Pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static IRenderable Draw(RunSnapshot snapshot, RateMeter rates)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumns("", "", "", "");
        table.AddRow("phase", Text(snapshot.Phase), "time", Text($"{snapshot.Elapsed:hh\\:mm\\:ss} of {Duration.Format(snapshot.Duration)}"));
        table.AddRow("sent", Text($"{snapshot.Sent:N0}  ({rates.Sent:0.#}/s)"), "received", Text($"{snapshot.Received:N0}  ({rates.Received:0.#}/s)"));
        table.AddRow("lag", Text($"{snapshot.Lag:N0}"), "rate", Text($"x {snapshot.RateMultiplier:0.00}"));
        table.AddRow("workers", Text($"{snapshot.WorkersActive}"), "partitions", Text($"{snapshot.PartitionsOwned}/{snapshot.PartitionsTotal}"));
        table.AddRow("gaps pending", Text($"{snapshot.GapsPending:N0}"), "redelivered", Text($"{snapshot.Redelivered:N0}"));
        table.AddRow("unknown", Text($"{snapshot.Unknown:N0}"), "verdict", snapshot.Violations.IsEmpty
            ? $"[green]{snapshot.VerdictSoFar}[/]"
            : $"[red]{Markup.Escape(snapshot.VerdictSoFar)}[/]");
        return table;
    }

    private static string Text(FormattableString text) => Markup.Escape(text.ToString(CultureInfo.InvariantCulture));

    private static string Text(string text) => Markup.Escape(text);

    private void PrintLines()
    {
        while (_lines.TryDequeue(out (LogLevel Level, string Line) entry))
        {
            Style style = entry.Level switch
            {
                LogLevel.Error => new Style(Color.Red),
                LogLevel.Warning => new Style(Color.Yellow),
                LogLevel.Debug => new Style(Color.Grey),
                _ => Style.Plain,
            };
            _console.WriteLine(entry.Line, style);
        }
    }
}
