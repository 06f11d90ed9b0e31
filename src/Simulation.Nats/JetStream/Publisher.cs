using System.Buffers.Text;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>
/// Pipelined publishes of one connection. Each gets a running number, which is the last token of its reply subject and the place of its
/// slot in a ring; one subscription brings all answers. A slot is emptied under the lock by whoever ends the publish (its answer, its
/// timeout, the loss of the link), and that one alone completes the promise.
/// </summary>
internal sealed class Publisher : Subscription, IDisposable
{
    private const int InitialSlots = 256;
    private const int LongestNumber = 20;

    private readonly NatsConnection _connection;
    private readonly NatsOptions _options;
    private readonly byte[] _replyPrefix;
    private readonly DeadlineTimer _timer;
    private readonly Lock _gate = new();
    private readonly PublishHeaders _headers = new();
    private Slot[] _slots = new Slot[InitialSlots];
    private long _oldest;
    private long _next;
    private int _outstanding;
    private Action<bool>? _whenIdle;
    private string _knownStream = "";

    public Publisher(NatsConnection connection, NatsOptions options)
        : base($"{connection.Inbox}.p.*")
    {
        _connection = connection;
        _options = options;
        _replyPrefix = Encoding.UTF8.GetBytes($"{connection.Inbox}.p.");
        _timer = new DeadlineTimer(ExpireOverdue);
        connection.Subscribe(this);
    }

    public ActorTask<PublishOutcome> Publish(in PublishMessage message)
    {
        Subjects.RequireSubject(message.Subject);
        if (_connection.Send is not { } link)
        {
            return ActorTask.FromResult(PublishOutcome.Unknown(UnknownReason.NotConnected, "no connection to a server"));
        }

        Promise<PublishOutcome> promise = Promise<PublishOutcome>.Rent();
        ActorTask<PublishOutcome> task = promise.Task;
        Send(link, message, promise);
        return task;
    }

    /// <summary>Calls back once, when no publish awaits its answer.</summary>
    public void NotifyWhenIdle(Action<bool> idle)
    {
        lock (_gate)
        {
            if (_outstanding > 0)
            {
                _whenIdle += idle;
                return;
            }
        }

        idle(true);
    }

    public override void OnMessage(in MessageFrame frame)
    {
        ReadOnlySpan<byte> token = frame.Subject[Math.Min(_replyPrefix.Length, frame.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long number, out int used) || used != token.Length || Take(number) is not { } promise)
        {
            return; // The answer to a publish that has timed out, or to nobody's.
        }

        promise.TrySetResult(PublishAnswer.Read(frame, ref _knownStream));
    }

    public override void OnConnectionLost(string reason)
    {
        PublishOutcome lost = PublishOutcome.Unknown(UnknownReason.ConnectionLost, reason);
        long end;
        lock (_gate)
        {
            end = _next;
        }

        for (long number = _oldest; number < end; number++)
        {
            Take(number)?.TrySetResult(lost);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Send(SendBuffer link, in PublishMessage message, Promise<PublishOutcome> promise)
    {
        long deadline = DeadlineTimer.After(message.Timeout ?? _options.PublishTimeout);
        Span<byte> replyTo = stackalloc byte[_replyPrefix.Length + LongestNumber];
        long maxPayload = _connection.Server.MaxPayload;
        bool sent;
        long number;
        lock (_gate)
        {
            ReadOnlySpan<byte> headerBlock = _headers.Build(message);
            if (headerBlock.Length + message.Payload.Length > maxPayload)
            {
                promise.TrySetResult(PublishOutcome.Rejected(ApiError.MessageTooLarge, $"larger than the server's max_payload of {maxPayload} bytes; not sent"));
                return;
            }

            // The slot comes first: the answer may be here before TryPublish returns. The order of the wire is the order of the lock.
            number = Reserve(promise, deadline);
            _replyPrefix.CopyTo(replyTo);
            Utf8Formatter.TryFormat(number, replyTo[_replyPrefix.Length..], out int digits);
            sent = link.TryPublish(message.Subject, replyTo[..(_replyPrefix.Length + digits)], headerBlock, message.Payload);
        }

        if (sent)
        {
            _timer.Ensure(deadline);
        }
        else
        {
            Take(number)?.TrySetResult(PublishOutcome.Unknown(UnknownReason.NotConnected, "the link is gone or takes no more bytes; not sent"));
        }
    }

    private long Reserve(Promise<PublishOutcome> promise, long deadline)
    {
        if (_next - _oldest == _slots.Length)
        {
            Grow();
        }

        long number = _next++;
        _slots[number & (_slots.Length - 1)] = new Slot(promise, deadline);
        _outstanding++;
        return number;
    }

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        for (long number = _oldest; number < _next; number++)
        {
            larger[number & (larger.Length - 1)] = _slots[number & (_slots.Length - 1)];
        }

        _slots = larger;
    }

    /// <returns>The promise of a publish that has not ended; null when it has, or never was.</returns>
    private Promise<PublishOutcome>? Take(long number)
    {
        Promise<PublishOutcome> promise;
        Action<bool>? idle = null;
        lock (_gate)
        {
            if (number < _oldest || number >= _next)
            {
                return null;
            }

            ref Slot slot = ref _slots[number & (_slots.Length - 1)];
            if (slot.IsFree)
            {
                return null;
            }

            promise = slot.Promise;
            slot = default;
            while (_oldest < _next && _slots[_oldest & (_slots.Length - 1)].IsFree)
            {
                _oldest++;
            }

            if (--_outstanding == 0)
            {
                (idle, _whenIdle) = (_whenIdle, null);
            }
        }

        idle?.Invoke(true);
        return promise;
    }

    private long ExpireOverdue(long now)
    {
        long earliest = DeadlineTimer.Never;
        List<long> overdue = [];
        lock (_gate)
        {
            for (long number = _oldest; number < _next; number++)
            {
                Slot slot = _slots[number & (_slots.Length - 1)];
                if (slot.IsFree)
                {
                    continue;
                }

                if (slot.Deadline <= now)
                {
                    overdue.Add(number);
                }
                else
                {
                    earliest = Math.Min(earliest, slot.Deadline);
                }
            }
        }

        foreach (long number in overdue)
        {
            Take(number)?.TrySetResult(PublishOutcome.Unknown(UnknownReason.Timeout, "no answer in time"));
        }

        return earliest;
    }

    private readonly record struct Slot(Promise<PublishOutcome> Promise, long Deadline)
    {
        public bool IsFree => Deadline == 0;
    }
}
