using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Simulation.Kernel;

namespace Simulation.Benchmarks.Virtual;

/// <summary>Counts what happens in a world, by who it happens to: numbers in names stand for all of a kind.</summary>
internal sealed partial class StepCensus : IWorldObserver
{
    private const int Shown = 20;

    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, string> _kinds = [];
    private long _turns;

    public void OnEvent(in WorldEvent worldEvent)
    {
        if (worldEvent.Kind is WorldEventKind.Handled or WorldEventKind.Resumed)
        {
            _turns++;
            Count($"{KindOf(worldEvent.Actor)} {(worldEvent.Kind == WorldEventKind.Resumed ? "goes on" : $"handles {worldEvent.Subject!.GetType().Name}")}");
        }
        else if (worldEvent is { Kind: WorldEventKind.Told, Subject: string wire })
        {
            Count($"on the wire: {wire.Split(' ')[0]} {WireKind().Match(wire)}");
        }
    }

    public string Table(long steps, TimeSpan time)
    {
        var table = new StringBuilder("| what happens | a simulated second |\n|---|---|\n");
        foreach ((string what, long count) in _counts.OrderByDescending(entry => entry.Value).Take(Shown))
        {
            Row(what, count);
        }

        Row("all turns of actors", _turns);
        Row("all timers that fire", steps - _turns);
        return table.ToString();

        void Row(string what, long count) => table.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {count / time.TotalSeconds:F1} |");
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    private string KindOf(string actor)
    {
        if (!_kinds.TryGetValue(actor, out string? kind))
        {
            _kinds.Add(actor, kind = Number().Replace(actor, "-*"));
        }

        return kind;
    }

    [GeneratedRegex(@"-\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"KV_\w+|\$KV\.\w+\.\w+|consumer|stream")]
    private static partial Regex WireKind();
}
