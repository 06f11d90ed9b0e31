namespace Simulation.Kernel;

/// <summary>Decides for the failed child alone; gives up (stops it) after more than <paramref name="MaxRetries"/> failures within <paramref name="Within"/>.</summary>
/// <param name="Decider">Which directive an error calls for. What it throws escalates.</param>
/// <param name="MaxRetries">Restarts allowed; negative for no limit.</param>
/// <param name="Within">The sliding window in which failures count; null for the child's whole life.</param>
public sealed record OneForOneStrategy(Func<Exception, Directive> Decider, int MaxRetries = 10, TimeSpan? Within = null) : SupervisorStrategy
{
    /// <summary>
    /// Pause before the first restart; doubles to <see cref="MaxBackoff"/>, with jitter (the upper half of the pause is drawn). Zero
    /// restarts at once. A child that has run for longer than <see cref="MaxBackoff"/> since its last failure starts from here again.
    /// </summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.Zero;

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    internal override Directive Decide(Exception error) => Decider(error);

    internal override TimeSpan? PauseBeforeRestart(FailureRecord failures, TimeSpan now, RandomStream random)
    {
        if (!failures.Count(now, MaxRetries, Within))
        {
            return null;
        }

        if (MinBackoff <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        int doublings = Math.Min(failures.CountStreak(now, MaxBackoff) - 1, 62);
        double full = Math.Min(MaxBackoff.Ticks, MinBackoff.Ticks * Math.Pow(2, doublings));
        return TimeSpan.FromTicks((long)(full * (1 + random.NextDouble()) / 2));
    }
}
