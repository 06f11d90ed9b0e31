namespace Simulation.Model;

/// <summary>
/// What one server holds of a stream: everything up to some moment. All replicas hold beginnings of one history, because nothing becomes
/// part of it before a majority has it; so one moment says it all, and nothing has to be copied while the servers run.
/// </summary>
internal sealed class Replica(ModelNode node)
{
    private DateTimeOffset _caughtUpAt = DateTimeOffset.MinValue;
    private DateTimeOffset _heldBefore = DateTimeOffset.MinValue;

    public ModelNode Node => node;

    /// <summary>The moment up to which it holds everything; null when it follows.</summary>
    public DateTimeOffset? Until { get; private set; }

    /// <summary>What was done to its files while its server was down, and shows when it leads. Each says how many messages it took.</summary>
    public List<Func<ModelStream, long>> Damage { get; } = [];

    public bool HoldsMoreThan(Replica other) => (Until ?? DateTimeOffset.MaxValue) > (other.Until ?? DateTimeOffset.MaxValue);

    public void FallBehind(DateTimeOffset now) => Until ??= now;

    /// <summary>Of what it had caught up on since the last sync, nothing is left either.</summary>
    public void LosePower(DateTimeOffset syncedAt) => CutTo(syncedAt <= _caughtUpAt ? _heldBefore : syncedAt);

    public void LoseEverything() => Until = DateTimeOffset.MinValue;

    /// <summary>What lies behind was never part of the history that goes on.</summary>
    public void CutTo(DateTimeOffset moment) => Until = Until is { } until && until < moment ? until : moment;

    public void Lead() => Until = null;

    /// <summary>The leader sends it what it lacks; damage is found and repaired on the way.</summary>
    public void CatchUp(DateTimeOffset now)
    {
        if (Until is { } until)
        {
            (_heldBefore, _caughtUpAt, Until) = (until, now, null);
            Damage.Clear();
        }
    }
}
