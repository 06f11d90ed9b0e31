using System.Collections.Immutable;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>One pull request with an inbox of its own. It ends once: by the batch, a status, the link, or its own timer.</summary>
internal sealed class Fetch : Subscription
{
    /// <summary>How much longer than the server we wait for the server's word.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly NatsConnection _connection;
    private readonly DeliveryPool _pool;
    private readonly FetchRequest _request;
    private readonly DeadlineTimer _timer;
    private readonly long _deadline;
    private readonly Lock _gate = new();
    private readonly ImmutableArray<Delivery>.Builder _deliveries = ImmutableArray.CreateBuilder<Delivery>();
    private readonly Promise<FetchResult> _result = Promise<FetchResult>.Rent();
    private bool _isOver;

    private Fetch(NatsConnection connection, DeliveryPool pool, FetchRequest request, TimeSpan requestTimeout, long id)
        : base($"{connection.Inbox}.f.{id}")
    {
        Id = id;
        _connection = connection;
        _pool = pool;
        _request = request;
        _timer = new DeadlineTimer(OnDeadline);
        _deadline = DeadlineTimer.After(request.NoWait ? (request.Expires > TimeSpan.Zero ? request.Expires : requestTimeout) : request.Expires + Grace);
    }

    public static ActorTask<FetchResult> RunAsync(
        NatsConnection connection, DeliveryPool pool, string stream, string consumer, FetchRequest request, TimeSpan requestTimeout)
    {
        var fetch = new Fetch(connection, pool, request, requestTimeout, connection.NextSubscriptionId());
        return fetch.Begin(new PullRequest(connection, stream, consumer));
    }

    public override void OnMessage(in MessageFrame frame)
    {
        if (frame.Subject.SequenceEqual(Subject) && StatusLine.TryParse(frame.HeaderBlock, out StatusLine status))
        {
            if (!PullStatus.IsHeartbeat(status))
            {
                End(PullStatus.EndOf(status), status.Text);
            }

            return;
        }

        if (_pool.TryFill(frame) is not { } delivery)
        {
            End(PullEnd.Refused, "a message came whose reply subject is not JetStream's");
            return;
        }

        bool complete;
        lock (_gate)
        {
            if (_isOver)
            {
                return; // Too late; the server delivers it again.
            }

            _deliveries.Add(delivery);
            complete = _deliveries.Count == _request.Batch;
        }

        if (complete)
        {
            End(PullEnd.Complete, "");
        }
    }

    public override void OnConnectionLost(string reason) => End(PullEnd.ConnectionLost, reason);

    private ActorTask<FetchResult> Begin(PullRequest pull)
    {
        ActorTask<FetchResult> task = _result.Task;
        if (_connection.Send is null)
        {
            End(PullEnd.ConnectionLost, "there is no connection");
            return task;
        }

        _connection.Subscribe(this);
        TimeSpan expires = _request.NoWait ? TimeSpan.Zero : _request.Expires;
        if (pull.TrySend(Subject, _request.Batch, expires, TimeSpan.Zero, _request.NoWait, _request.MaxBytes))
        {
            _timer.Ensure(_deadline);
        }
        else
        {
            End(PullEnd.ConnectionLost, "the link is gone or takes no more bytes; not sent");
        }

        return task;
    }

    private long OnDeadline(long now)
    {
        if (now < _deadline)
        {
            return _deadline;
        }

        End(PullEnd.TimedOut, "the server neither delivered nor ended the pull in time");
        return DeadlineTimer.Never;
    }

    private void End(PullEnd end, string text)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        _timer.Dispose();
        _connection.Unsubscribe(this);
        _result.TrySetResult(new FetchResult(_deliveries.DrainToImmutable(), end, text));
    }
}
