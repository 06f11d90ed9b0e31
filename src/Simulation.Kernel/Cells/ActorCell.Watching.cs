namespace Simulation.Kernel;

/// <content>Who watches whom.</content>
internal sealed partial class ActorCell
{
    private Dictionary<ActorCell, object>? _watched;
    private List<ActorCell>? _watchers;
    private List<TaskCompletionSource<Unit>>? _awaitedEnds;

    internal void OnWatch(ActorCell watcher)
    {
        if (_state == CellState.Terminated)
        {
            watcher.Tell(new EndNotice(this));
        }
        else if (_watchers is null || !_watchers.Contains(watcher))
        {
            (_watchers ??= []).Add(watcher);
        }
    }

    internal void OnUnwatch(ActorCell watcher) => _watchers?.Remove(watcher);

    internal void OnAwaitedEnd(TaskCompletionSource<Unit> completion)
    {
        if (_state == CellState.Terminated)
        {
            completion.TrySetResult(default);
        }
        else
        {
            (_awaitedEnds ??= []).Add(completion);
        }
    }

    private void StartWatching(IActorRef actor, object message)
    {
        RequireTurn();
        ActorCell cell = RequireCell(actor);
        if (ReferenceEquals(cell, this))
        {
            throw new ArgumentException("An actor cannot watch itself.", nameof(actor));
        }

        _watched ??= [];
        bool isNew = !_watched.ContainsKey(cell);
        _watched[cell] = message;
        if (isNew)
        {
            cell.Enqueue(new WatchSignal(this));
        }
    }

    private void StopWatching(IActorRef actor)
    {
        RequireTurn();
        ActorCell cell = RequireCell(actor);
        if (_watched is not null && _watched.Remove(cell))
        {
            cell.Enqueue(new UnwatchSignal(this));
        }
    }

    /// <returns>False when the actor has stopped watching meanwhile.</returns>
    private bool TryOpen(EndNotice notice, ref Envelope envelope)
    {
        if (_watched is null || !_watched.Remove(notice.Cell, out object? message))
        {
            return false;
        }

        envelope = new Envelope(message, notice.Cell);
        return true;
    }

    private void TellWatchers()
    {
        if (_watched is not null)
        {
            foreach (ActorCell cell in _watched.Keys)
            {
                cell.Enqueue(new UnwatchSignal(this));
            }

            _watched = null;
        }

        if (_watchers is not null)
        {
            EndNotice notice = new(this);
            foreach (ActorCell watcher in _watchers)
            {
                watcher.Tell(notice);
            }

            _watchers = null;
        }

        if (_awaitedEnds is not null)
        {
            foreach (TaskCompletionSource<Unit> completion in _awaitedEnds)
            {
                completion.TrySetResult(default);
            }

            _awaitedEnds = null;
        }
    }
}
