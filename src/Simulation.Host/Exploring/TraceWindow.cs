using Simulation.Kernel;

namespace Simulation.Host.Exploring;

/// <summary>
/// Of everything that happens, keeps what people want to read: the last lines before a moment and the first ones after it. What they are
/// about is narrowed by the names of those who took part.
/// </summary>
/// <param name="around">The moment; null for the end of the run.</param>
/// <param name="names">Actors whose path contains one of these are shown; empty for all.</param>
/// <param name="file">Takes every event, a line each; null for none.</param>
internal sealed class TraceWindow(TimeSpan? around, IReadOnlyCollection<string> names, TextWriter? file) : IWorldObserver
{
    private const int Before = 60;
    private const int After = 12;

    private readonly Queue<string> _before = new();
    private readonly List<string> _after = [];

    public IEnumerable<string> Lines => _before.Concat(_after);

    public void OnEvent(in WorldEvent worldEvent)
    {
        file?.WriteLine(worldEvent.ToString());
        if (!Concerns(worldEvent))
        {
            return;
        }

        if (around is { } moment && worldEvent.At > moment)
        {
            if (_after.Count < After)
            {
                _after.Add(worldEvent.ToString());
            }

            return;
        }

        if (_before.Count == Before)
        {
            _before.Dequeue();
        }

        _before.Enqueue(worldEvent.ToString());
    }

    /// <summary>A message is told and then handled: the first says more. What an actor reminds itself of says least.</summary>
    private bool Concerns(in WorldEvent worldEvent)
    {
        if (worldEvent.Kind is WorldEventKind.Handled or WorldEventKind.Resumed or WorldEventKind.TimerFired || worldEvent.Sender == worldEvent.Actor)
        {
            return false;
        }

        (string actor, string? sender) = (worldEvent.Actor, worldEvent.Sender);
        return names.Count == 0 || names.Any(name => Is(actor, name) || (sender is not null && Is(sender, name)));
    }

    /// <summary><c>worker-1</c> is in <c>/coordinator/worker-1/group</c> and not in <c>/coordinator/worker-10</c>.</summary>
    private static bool Is(string path, string name)
    {
        int at = path.IndexOf(name, StringComparison.Ordinal);
        return at >= 0 && (at + name.Length == path.Length || !char.IsLetterOrDigit(path[at + name.Length]));
    }
}
