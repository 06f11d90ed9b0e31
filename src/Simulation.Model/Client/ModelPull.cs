using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// A running pull. Requests overlap: whenever what is asked for and what waits to be read fall to half, the difference is asked for anew.
/// After a break (another session, an end) what the server says about earlier requests is ignored; what it still delivers is taken.
/// </summary>
internal sealed class ModelPull(ModelConnection connection, string stream, string consumer, PullOptions options, bool outlivesConnection)
    : IEndablePull, IPuller
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    /// <summary>When nothing has come by then, the server is asked whether the consumer is there at all.</summary>
    private static readonly TimeSpan CheckPause = TimeSpan.FromSeconds(1);

    /// <summary>How long after a reconnect an absent consumer may still be one that the server has not recovered yet.</summary>
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(5);

    private static readonly PullItem StoppedItem = new(null, PullEnd.Stopped, "stopped by its owner");

    private readonly Queue<PullItem> _arrived = new();
    private readonly List<RemotePull> _valid = [];
    private readonly List<Promise<bool>> _awaitingStop = [];
    private Promise<PullItem>? _reader;
    private Phase _phase = Phase.Pulling;
    private int _asked;
    private IDisposable? _timer;

    private enum Phase { Pulling, Paused, Stopping, Stopped }

    public string Consumer => consumer;

    public PullStatistics Statistics { get; private set; }

    public void Begin() => Restart();

    public ActorTask<PullItem> NextAsync()
    {
        if (TryNext(out PullItem item))
        {
            return ActorTask.FromResult(item);
        }

        if (_reader is not null)
        {
            throw new InvalidOperationException($"Somebody waits for {consumer} already: one reader at a time.");
        }

        Promise<PullItem> promise = Promise<PullItem>.Rent();
        _reader = promise;
        return promise.Task;
    }

    public bool TryNext(out PullItem item)
    {
        if (_arrived.TryDequeue(out item))
        {
            PullIfLow();
            return true;
        }

        item = StoppedItem;
        return _phase == Phase.Stopped;
    }

    public void ExtendUnread()
    {
        foreach (PullItem item in _arrived)
        {
            item.Delivery?.InProgress();
        }
    }

    public void Resume()
    {
        if (_phase == Phase.Paused)
        {
            _phase = Phase.Pulling;
            Restart();
        }
    }

    public async ActorTask StopAsync()
    {
        if (_phase is Phase.Pulling or Phase.Paused)
        {
            _phase = Phase.Stopping;
            BeginStop();
        }

        if (_phase == Phase.Stopping)
        {
            Promise<bool> promise = Promise<bool>.Rent();
            _awaitingStop.Add(promise);
            await promise.Task;
        }
    }

    /// <summary>Stops without anybody waiting.</summary>
    public void Finish()
    {
        if (_phase == Phase.Stopped)
        {
            return;
        }

        _phase = Phase.Stopped;
        CancelPulls();
        ForgetPulls();
        connection.Forget(this);
        if (_reader is { } reader)
        {
            _reader = null;
            reader.TrySetResult(StoppedItem);
        }

        foreach (Promise<bool> stop in _awaitingStop.ToArray())
        {
            stop.TrySetResult(true);
        }
    }

    public void OnConnected()
    {
        Statistics = Statistics with { Reconnects = Statistics.Reconnects + 1 };
        if (_phase == Phase.Pulling && outlivesConnection)
        {
            Restart();
        }
        else if (_phase == Phase.Pulling)
        {
            Pause(PullEnd.ConnectionLost, "what was on its way is lost");
        }
    }

    public void OnLost()
    {
        ForgetPulls();
        if (_phase == Phase.Stopping)
        {
            Finish();
        }
    }

    public void OnDelivery(RemotePull pull, ServedMessage message)
    {
        if (_phase == Phase.Stopped)
        {
            return;
        }

        _asked = Math.Max(0, _asked - 1);
        _timer?.Dispose();
        Statistics = Statistics with { Delivered = Statistics.Delivered + 1 };
        Hand(new PullItem(new ModelDelivery(connection, message), PullEnd.Complete, ""));
        PullIfLow();
    }

    public void OnEnd(RemotePull pull, in PullStatus status)
    {
        if (!_valid.Remove(pull))
        {
            return;
        }

        PullEnd end = PullStatusMeaning.EndOf(status);
        Count(end);
        if (end is PullEnd.Expired or PullEnd.NoMessages)
        {
            _asked = Math.Max(0, _asked - status.Remaining);
            PullIfLow();
        }
        else if (Heals(end, status))
        {
            ForgetPulls();
            Later(RetryPause, Restart);
        }
        else
        {
            Pause(end, status.Text);
        }
    }

    public void OnSilence(RemotePull pull)
    {
        if (_phase == Phase.Pulling && _valid.Contains(pull))
        {
            Restart();
        }
    }

    private bool Heals(PullEnd end, in PullStatus status)
    {
        bool recovering = outlivesConnection && connection.ReconnectedAt is { } at && connection.System.Uptime - at < RecoveryTime;
        return (end == PullEnd.Conflict && PullStatusMeaning.Passes(status)) || (end == PullEnd.NoResponders && recovering);
    }

    private void Count(PullEnd end) => Statistics = end switch
    {
        PullEnd.Expired => Statistics with { Expired = Statistics.Expired + 1 },
        PullEnd.NoMessages => Statistics with { NoMessages = Statistics.NoMessages + 1 },
        PullEnd.Conflict => Statistics with { Conflicts = Statistics.Conflicts + 1 },
        _ => Statistics,
    };

    private void Pause(PullEnd end, string text)
    {
        ForgetPulls();
        _phase = _phase == Phase.Pulling ? Phase.Paused : _phase;
        Hand(new PullItem(null, end, text));
    }

    private void Hand(PullItem item)
    {
        if (_reader is { } reader)
        {
            _reader = null;
            reader.TrySetResult(item);
        }
        else
        {
            _arrived.Enqueue(item);
        }
    }

    private void PullIfLow()
    {
        int wanted = options.Outstanding - _asked - _arrived.Count;
        if (_phase != Phase.Pulling || connection.Session is not { } session || wanted < Math.Max(1, options.Outstanding / 2))
        {
            return;
        }

        var pull = new RemotePull(session, this);
        _valid.Add(pull);
        if (_valid.Count > options.Outstanding)
        {
            _valid.RemoveAt(0); // Filled long ago: a request asks for at least one, and no more are outstanding.
        }

        _asked += wanted;
        Statistics = Statistics with { Pulls = Statistics.Pulls + 1 };
        pull.Send(stream, consumer, new FetchRequest(wanted, options.Expires));
    }

    private void Restart()
    {
        ForgetPulls();
        PullIfLow();
        Later(CheckPause, CheckForConsumer);
    }

    private void CheckForConsumer() => connection.Send(server =>
    {
        if (server.FindConsumer(stream, consumer) is null)
        {
            connection.Session?.ToClient(OnAbsent);
        }
    });

    private void OnAbsent()
    {
        if (_phase == Phase.Pulling)
        {
            Pause(PullEnd.NoResponders, "consumer not found");
        }
    }

    private void BeginStop()
    {
        if (connection.Session is not { } session)
        {
            Finish();
            return;
        }

        CancelPulls();
        session.ToServer(_ => session.ToClient(Finish));
    }

    private void CancelPulls() => connection.Session?.ToServer(
        server => server.FindConsumer(stream, consumer)?.Forget(sink => sink is RemotePull pull && pull.IsOf(this)));

    private void ForgetPulls()
    {
        _asked = 0;
        _valid.Clear();
        _timer?.Dispose();
    }

    private void Later(TimeSpan pause, Action act)
    {
        _timer?.Dispose();
        _timer = connection.System.Schedule(pause, () =>
        {
            if (_phase == Phase.Pulling)
            {
                act();
            }
        });
    }
}
