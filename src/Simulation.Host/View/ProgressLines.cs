using System.Globalization;
using Simulation.Host.Configuration.Values;
using Simulation.Kernel;

namespace Simulation.Host.View;

/// <summary>Writes a line about the run into the log every so often, and at every change of phase.</summary>
/// <param name="log">Where to.</param>
/// <param name="level">Debug where a live view shows the same.</param>
internal sealed class ProgressLines(RunLog log, LogLevel level)
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Seldom = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortRun = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly RateMeter _rates = new();
    private TimeSpan _next = TimeSpan.Zero;
    private string _phase = "";

    public void Show(RunSnapshot snapshot)
    {
        lock (_lock)
        {
            _rates.Add(snapshot);
            if (snapshot.Elapsed < _next && snapshot.Phase == _phase)
            {
                return;
            }

            _phase = snapshot.Phase;
            _next = snapshot.Elapsed + (snapshot.Duration <= ShortRun ? Often : Seldom);
            log.Write(level, "", Line(snapshot));
        }
    }

    private string Line(RunSnapshot snapshot) => string.Create(CultureInfo.InvariantCulture,
        $"{snapshot.Phase}, {Seconds(snapshot.Elapsed)} of {Duration.Format(snapshot.Duration)}: "
        + $"{snapshot.Sent} sent ({_rates.Sent:0.#}/s), {snapshot.Received} received ({_rates.Received:0.#}/s), lag {snapshot.Lag}, "
        + $"{snapshot.WorkersActive} workers, {snapshot.PartitionsOwned}/{snapshot.PartitionsTotal} partitions, "
        + $"{snapshot.GapsPending} gaps pending, {snapshot.VerdictSoFar}");

    private static string Seconds(TimeSpan elapsed) => Duration.Format(TimeSpan.FromSeconds(Math.Floor(elapsed.TotalSeconds)));
}
