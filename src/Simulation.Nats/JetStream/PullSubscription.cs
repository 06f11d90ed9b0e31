using System.Buffers.Text;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>
/// A running pull. Several requests overlap: whenever what is asked for and what waits to be read fall to half, the difference is asked
/// for anew, so a slow reader is never sent more than it asked for. Each request has its number as the last token of its reply subject;
/// after a break (a reconnect, a silence, an end) numbers from before it are stale and their statuses are ignored.
/// </summary>
internal sealed class PullSubscription : Subscription, IEndablePull
{
    private const int LongestNumber = 20;
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    /// <summary>When nothing has come by then, the server is asked, until it answers, whether it has got our pull.</summary>
    private static readonly TimeSpan CheckPause = TimeSpan.FromSeconds(1);

    /// <summary>How long after a reconnect an absent consumer may still be one that the server has not recovered yet.</summary>
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(5);

    private readonly NatsConnection _connection;
    private readonly DeliveryPool _pool;
    private readonly PullRequest _request;
    private readonly PullOptions _options;
    private readonly bool _outlivesConnection;
    private readonly TimeSpan _heartbeat;
    private readonly byte[] _replyPrefix;
    private readonly byte[] _infoSubject;
    private readonly byte[] _infoReplyTo;
    private readonly DeadlineTimer _timer;
    private readonly Action<PullSubscription> _stopped;
    private readonly Lock _gate = new();
    private readonly Queue<PullItem> _arrived = new();
    private Promise<PullItem>? _reader;
    private Promise<bool>? _awaitingStop;
    private Phase _phase = Phase.Pulling;
    private int _asked;
    private long _lastPull;
    private long _firstValidPull = 1;
    private long _silentAfter = DeadlineTimer.Never;
    private long _checkAt = DeadlineTimer.Never;
    private long _retryAt = DeadlineTimer.Never;
    private long _stopBy = DeadlineTimer.Never;
    private PullStatistics _statistics;

    /// <param name="connection">The connection to pull over.</param>
    /// <param name="pool">Where deliveries come from.</param>
    /// <param name="stream">Stream of the consumer.</param>
    /// <param name="consumer">Durable name.</param>
    /// <param name="options">How much to ask for.</param>
    /// <param name="outlivesConnection">Whether it goes on after a reconnect, and asks an absent consumer again for a while. Otherwise it ends there.</param>
    /// <param name="stopped">Called once when it is over.</param>
    public PullSubscription(
        NatsConnection connection, DeliveryPool pool, string stream, string consumer, PullOptions options, bool outlivesConnection,
        Action<PullSubscription> stopped)
        : this(connection, pool, stream, consumer, options, outlivesConnection, stopped, connection.NextSubscriptionId())
    {
    }

    private PullSubscription(
        NatsConnection connection, DeliveryPool pool, string stream, string consumer, PullOptions options, bool outlivesConnection,
        Action<PullSubscription> stopped, long id)
        : base($"{connection.Inbox}.c.{id}.*")
    {
        Id = id;
        Consumer = consumer;
        _connection = connection;
        _pool = pool;
        _request = new PullRequest(connection, stream, consumer);
        _options = options;
        _outlivesConnection = outlivesConnection;
        _heartbeat = options.Expires / 2 < LongestHeartbeat ? options.Expires / 2 : LongestHeartbeat;
        _replyPrefix = Encoding.UTF8.GetBytes($"{connection.Inbox}.c.{id}.");
        _infoSubject = Encoding.UTF8.GetBytes($"$JS.API.CONSUMER.INFO.{stream}.{consumer}");
        _infoReplyTo = Encoding.UTF8.GetBytes($"{connection.Inbox}.c.{id}.info");
        _timer = new DeadlineTimer(OnDeadline);
        _stopped = stopped;
    }

    /// <summary>
    /// Paused: an end was given to the reader, who decides. Stopping: waits for what is under way. Stopped: only what has arrived is left.
    /// </summary>
    private enum Phase { Pulling, Paused, Stopping, Stopped }

    public string Consumer { get; }

    public PullStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _statistics;
            }
        }
    }

    public void Start()
    {
        _connection.Subscribe(this);
        lock (_gate)
        {
            Restart();
        }
    }

    public ActorTask<PullItem> NextAsync()
    {
        lock (_gate)
        {
            if (TryTake(out PullItem item))
            {
                return ActorTask.FromResult(item);
            }

            if (_reader is not null)
            {
                throw new InvalidOperationException($"Somebody waits for {Consumer} already: one reader at a time.");
            }

            Promise<PullItem> promise = Promise<PullItem>.Rent();
            _reader = promise;
            return promise.Task;
        }
    }

    public bool TryNext(out PullItem item)
    {
        lock (_gate)
        {
            return TryTake(out item);
        }
    }

    public void ExtendUnread()
    {
        lock (_gate)
        {
            foreach (PullItem item in _arrived)
            {
                item.Delivery?.InProgress();
            }
        }
    }

    public void Resume()
    {
        lock (_gate)
        {
            if (_phase == Phase.Paused)
            {
                _phase = Phase.Pulling;
                Restart();
            }
        }
    }

    public ActorTask StopAsync() => WhenStoppedAsync(BeginStop());

    /// <summary>Stops without anybody waiting, for a connection that closes.</summary>
    public void Finish()
    {
        Promise<PullItem>? reader;
        Promise<bool>? stopping;
        lock (_gate)
        {
            if (_phase == Phase.Stopped)
            {
                return;
            }

            _phase = Phase.Stopped;
            (stopping, _awaitingStop) = (_awaitingStop, null);
            (reader, _reader) = (_reader, null);
        }

        _timer.Dispose();
        _connection.Unsubscribe(this);
        _stopped(this);
        reader?.TrySetResult(StoppedItem);
        stopping?.TrySetResult(true);
    }

    public override void OnMessage(in MessageFrame frame)
    {
        if (frame.Subject.StartsWith(_replyPrefix) && StatusLine.TryParse(frame.HeaderBlock, out StatusLine status))
        {
            OnStatus(frame, status);
            return;
        }

        if (frame.Subject.StartsWith(_replyPrefix))
        {
            OnConsumerInfo(frame.Payload);
            return;
        }

        PooledDelivery? delivery = _pool.TryFill(frame);
        Promise<PullItem>? reader;
        PullItem item = delivery is null
            ? new PullItem(null, PullEnd.Refused, "a message came whose reply subject is not JetStream's")
            : new PullItem(delivery, PullEnd.Complete, "");
        lock (_gate)
        {
            _asked = Math.Max(0, _asked - 1);
            _checkAt = DeadlineTimer.Never;
            _statistics = _statistics with { Delivered = _statistics.Delivered + 1 };
            _phase = delivery is null && _phase == Phase.Pulling ? Phase.Paused : _phase;
            reader = Hand(item);
        }

        reader?.TrySetResult(item);
    }

    public override void OnBatchEnd()
    {
        lock (_gate)
        {
            ListenAgain();
            PullIfLow();
        }
    }

    public override void OnConnectionLost(string reason)
    {
        lock (_gate)
        {
            ForgetPulls();
        }
    }

    public override void OnReconnected()
    {
        Promise<PullItem>? reader = null;
        var item = new PullItem(null, PullEnd.ConnectionLost, "what was on its way is lost");
        lock (_gate)
        {
            _statistics = _statistics with { Reconnects = _statistics.Reconnects + 1 };
            if (_phase == Phase.Pulling && _outlivesConnection)
            {
                Restart();
            }
            else if (_phase == Phase.Pulling)
            {
                reader = Pause(item);
            }
        }

        reader?.TrySetResult(item);
    }

    private static PullItem StoppedItem => new(null, PullEnd.Stopped, "");

    private static async ActorTask WhenStoppedAsync(ActorTask<bool> stopped) => await stopped;

    private ActorTask<bool> BeginStop()
    {
        Promise<bool> promise = Promise<bool>.Rent();
        ActorTask<bool> task = promise.Task;
        bool begin;
        lock (_gate)
        {
            begin = _phase is Phase.Pulling or Phase.Paused;
            if (begin)
            {
                _phase = Phase.Stopping;
                _awaitingStop = promise;
                _stopBy = DeadlineTimer.After(RecoveryTime);
                _timer.Ensure(_stopBy);
            }
        }

        if (begin)
        {
            _connection.Drain(this, Finish);
        }
        else
        {
            promise.TrySetResult(true);
        }

        return task;
    }

    private void OnStatus(in MessageFrame frame, in StatusLine status)
    {
        if (!Utf8Parser.TryParse(frame.Subject[_replyPrefix.Length..], out long pull, out _))
        {
            return;
        }

        Promise<PullItem>? reader = null;
        PullItem item = default;
        lock (_gate)
        {
            if (pull < _firstValidPull || PullStatus.IsHeartbeat(status))
            {
                return;
            }

            PullEnd end = PullStatus.EndOf(status);
            Count(end);
            if (end is PullEnd.Expired or PullEnd.NoMessages)
            {
                _asked = PullStatus.PendingMessages(frame.Headers) is { } pending ? Math.Max(0, _asked - pending) : 0;
            }
            else if (Heals(end, status))
            {
                ForgetPulls();
                RetryLater();
            }
            else
            {
                item = new PullItem(null, end, status.Text);
                reader = Pause(item);
            }
        }

        reader?.TrySetResult(item);
    }

    private void AskForConsumer() => _connection.TryPublish(_infoSubject, _infoReplyTo, default, default);

    /// <summary>
    /// The answer to <see cref="AskForConsumer"/>. Server 2.9 says nothing when it drops a pull, because the consumer is not there or because
    /// it has just started and is not ready. Later ones say 503.
    /// </summary>
    private void OnConsumerInfo(ReadOnlySpan<byte> answer)
    {
        ConsumerPresence presence = ConsumerPresence.Read(answer);
        Promise<PullItem>? reader;
        var item = new PullItem(null, PullEnd.NoResponders, "consumer not found");
        lock (_gate)
        {
            _checkAt = DeadlineTimer.Never;
            if (_phase != Phase.Pulling || presence.IsPresent)
            {
                if (_phase == Phase.Pulling && presence.WaitingPulls == 0)
                {
                    Restart();
                }

                return;
            }

            reader = Pause(item);
        }

        reader?.TrySetResult(item);
    }

    private bool Heals(PullEnd end, in StatusLine status)
    {
        bool recovering = _outlivesConnection && _connection.Reconnects > 0 && DeadlineTimer.Now - _connection.ConnectedAt < RecoveryTime.TotalMilliseconds;
        return (end == PullEnd.Conflict && PullStatus.Passes(status)) || (end == PullEnd.NoResponders && recovering);
    }

    private void Count(PullEnd end) => _statistics = end switch
    {
        PullEnd.Expired => _statistics with { Expired = _statistics.Expired + 1 },
        PullEnd.NoMessages => _statistics with { NoMessages = _statistics.NoMessages + 1 },
        PullEnd.Conflict => _statistics with { Conflicts = _statistics.Conflicts + 1 },
        _ => _statistics,
    };

    /// <summary>Leaves it to the reader whether it goes on.</summary>
    /// <returns>As of <see cref="Hand"/>.</returns>
    private Promise<PullItem>? Pause(in PullItem end)
    {
        ForgetPulls();
        _phase = _phase == Phase.Pulling ? Phase.Paused : _phase;
        return Hand(end);
    }

    /// <returns>Who waits for it, to be given it outside the lock; null when it was put into the queue.</returns>
    private Promise<PullItem>? Hand(in PullItem item)
    {
        if (_reader is { } reader)
        {
            _reader = null;
            return reader;
        }

        _arrived.Enqueue(item);
        return null;
    }

    private bool TryTake(out PullItem item)
    {
        if (_arrived.TryDequeue(out item))
        {
            PullIfLow();
            return true;
        }

        item = StoppedItem;
        return _phase == Phase.Stopped;
    }

    private void PullIfLow()
    {
        int wanted = _options.Outstanding - _asked - _arrived.Count;
        if (_phase != Phase.Pulling || _retryAt != DeadlineTimer.Never || wanted < Math.Max(1, _options.Outstanding / 2))
        {
            return;
        }

        long pull = _lastPull + 1;
        Span<byte> replyTo = stackalloc byte[_replyPrefix.Length + LongestNumber];
        _replyPrefix.CopyTo(replyTo);
        Utf8Formatter.TryFormat(pull, replyTo[_replyPrefix.Length..], out int digits);
        if (!_request.TrySend(replyTo[..(_replyPrefix.Length + digits)], wanted, _options.Expires, _heartbeat, noWait: false, maxBytes: 0))
        {
            if (_connection.Send is not null)
            {
                RetryLater(); // The server is slow to take bytes. Without a link there is no need: the next one begins anew by itself.
            }

            return;
        }

        _lastPull = pull;
        _asked += wanted;
        _statistics = _statistics with { Pulls = _statistics.Pulls + 1 };
        ListenAgain();
    }

    /// <summary>What was asked for before counts no more, nor does what the server says about it.</summary>
    private void ForgetPulls()
    {
        _asked = 0;
        _firstValidPull = _lastPull + 1;
        _silentAfter = DeadlineTimer.Never;
        _checkAt = DeadlineTimer.Never;
    }

    private void Restart()
    {
        ForgetPulls();
        _retryAt = DeadlineTimer.Never;
        _checkAt = DeadlineTimer.After(CheckPause);
        _timer.Ensure(_checkAt);
        PullIfLow();
    }

    private void RetryLater()
    {
        _retryAt = DeadlineTimer.After(RetryPause);
        _timer.Ensure(_retryAt);
    }

    /// <summary>Two missed heartbeats mean that the server knows nothing of our pulls any more.</summary>
    private void ListenAgain()
    {
        _silentAfter = _asked > 0 ? DeadlineTimer.After((_heartbeat * 2) + RetryPause) : DeadlineTimer.Never;
        _timer.Ensure(_silentAfter);
    }

    private long OnDeadline(long now)
    {
        bool stopOverdue;
        long next;
        lock (_gate)
        {
            stopOverdue = _stopBy <= now && _phase == Phase.Stopping;
            if (_phase == Phase.Pulling && _checkAt <= now)
            {
                AskForConsumer();
                _checkAt = DeadlineTimer.After(CheckPause);
            }

            if (_phase == Phase.Pulling && (_retryAt <= now || _silentAfter <= now))
            {
                Restart();
            }

            next = _phase switch
            {
                Phase.Pulling => Math.Min(_checkAt, Math.Min(_retryAt, _silentAfter)),
                Phase.Stopping when !stopOverdue => _stopBy,
                _ => DeadlineTimer.Never,
            };
        }

        if (stopOverdue)
        {
            Finish();
        }

        return next;
    }
}
