using System.Buffers.Text;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>
/// Pipelined publishes of one connection. Each gets a number, which is the last token of its reply subject; one subscription brings all
/// answers. Whoever ends a publish first (its answer, its timeout, the loss of the link) takes it from its slot and completes the promise.
/// </summary>
internal sealed class Publisher : Subscription, IDisposable
{
    private const int LongestNumber = 20;

    private readonly NatsConnection _connection;
    private readonly NatsOptions _options;
    private readonly byte[] _replyPrefix;
    private readonly DeadlineTimer _timer;
    private readonly Lock _gate = new();
    private readonly PublishHeaders _headers = new();
    private readonly PublishSlots _slots = new();
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
            _whenIdle += idle;
        }

        TellWhenIdle();
    }

    public override void OnMessage(in MessageFrame frame)
    {
        ReadOnlySpan<byte> token = frame.Subject[Math.Min(_replyPrefix.Length, frame.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long number, out int used) || used != token.Length || _slots.Take(number) is not { } promise)
        {
            return; // The answer to a publish that has timed out, or to nobody's.
        }

        promise.TrySetResult(PublishAnswer.Read(frame, ref _knownStream));
        TellWhenIdle();
    }

    public override void OnConnectionLost(string reason)
    {
        PublishOutcome lost = PublishOutcome.Unknown(UnknownReason.ConnectionLost, reason);
        long end;
        lock (_gate)
        {
            end = _slots.Count;
        }

        foreach (Promise<PublishOutcome> promise in _slots.TakeBefore(end))
        {
            promise.TrySetResult(lost);
        }

        TellWhenIdle();
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
            number = _slots.Fill(promise, deadline);
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
            _slots.Take(number)?.TrySetResult(PublishOutcome.Unknown(UnknownReason.NotConnected, "the link is gone or takes no more bytes; not sent"));
        }
    }

    private long ExpireOverdue(long now)
    {
        List<Promise<PublishOutcome>> overdue = _slots.TakeOverdue(now, out long earliest);
        foreach (Promise<PublishOutcome> promise in overdue)
        {
            promise.TrySetResult(PublishOutcome.Unknown(UnknownReason.Timeout, "no answer in time"));
        }

        TellWhenIdle();
        return earliest;
    }

    private void TellWhenIdle()
    {
        if (Volatile.Read(ref _whenIdle) is null || _slots.Outstanding > 0)
        {
            return;
        }

        Action<bool>? idle;
        lock (_gate)
        {
            (idle, _whenIdle) = (_whenIdle, null);
        }

        idle?.Invoke(true);
    }
}
