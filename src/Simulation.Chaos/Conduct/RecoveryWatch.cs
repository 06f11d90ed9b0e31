using Simulation.History;

namespace Simulation.Chaos;

/// <summary>How a run stands, as far as recovery is concerned.</summary>
/// <param name="AllOwned">Every partition has an owner.</param>
/// <param name="Sent">Messages acknowledged by the server, up to <paramref name="CountedAt"/>.</param>
/// <param name="Waiting">Messages acknowledged by the server and not processed, up to then.</param>
/// <param name="CountedAt">The counts follow the logs a little behind.</param>
internal readonly record struct Wellbeing(bool AllOwned, long Sent, long Waiting, DateTimeOffset CountedAt);

/// <summary>
/// Follows one fault from its beginning until everything is as well as before: pure, fed with how things stand. What was never unwell
/// recovered after zero. A stage is over at the first look, once the fault has ended, at which all is well; its time is that of the last
/// change for the better, since the fault began.
/// </summary>
internal sealed class RecoveryWatch
{
    private readonly DateTimeOffset _began;
    private readonly SortedSet<RecoveryStage> _open = [RecoveryStage.Publishing, RecoveryStage.Ownership, RecoveryStage.Backlog];
    private DateTimeOffset _ownedSince;
    private DateTimeOffset _drainedSince;
    private DateTimeOffset? _ended;
    private bool _wasOwned = true;
    private bool _wasDrained = true;
    private long? _usuallyWaiting;
    private long _sent;

    /// <param name="began">When the fault did.</param>
    public RecoveryWatch(DateTimeOffset began) => _began = _ownedSince = _drainedSince = began;

    public bool IsOver => _open.Count == 0;

    public void End(DateTimeOffset now) => _ended = now;

    /// <summary>Takes a look.</summary>
    /// <returns>What has recovered since the last one, and how long after the beginning.</returns>
    public IEnumerable<(RecoveryStage Stage, TimeSpan After)> See(Wellbeing now, DateTimeOffset time)
    {
        // The counts follow the logs a little behind, so that the first of them tell how it was before.
        _usuallyWaiting = _usuallyWaiting is null || now.CountedAt <= _began ? Math.Max(now.Waiting, _usuallyWaiting ?? 0) : _usuallyWaiting;
        (_wasOwned, _ownedSince) = Follow(now.AllOwned, _wasOwned, _ownedSince, time);
        (_wasDrained, _drainedSince) = Follow(now.Waiting <= _usuallyWaiting, _wasDrained, _drainedSince, now.CountedAt);
        bool sentMore = now.Sent > _sent && now.CountedAt > _began;
        _sent = Math.Max(_sent, now.Sent);
        if (_ended is not { } ended)
        {
            yield break;
        }

        if (sentMore && now.CountedAt > ended && _open.Remove(RecoveryStage.Publishing))
        {
            yield return (RecoveryStage.Publishing, now.CountedAt - _began);
        }

        if (_wasOwned && _open.Remove(RecoveryStage.Ownership))
        {
            yield return (RecoveryStage.Ownership, _ownedSince - _began);
        }

        if (_wasDrained && now.CountedAt > ended && _open.Remove(RecoveryStage.Backlog))
        {
            yield return (RecoveryStage.Backlog, _drainedSince - _began);
        }
    }

    private static (bool Well, DateTimeOffset Since) Follow(bool isWell, bool wasWell, DateTimeOffset since, DateTimeOffset time) =>
        (isWell, isWell && !wasWell ? time : since);
}
