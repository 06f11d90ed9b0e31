using System.Buffers.Text;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>Requests that get one answer each, all over one inbox. For management and confirmations: publishes have a faster way.</summary>
internal sealed class Requests : Subscription, IDisposable
{
    private readonly NatsConnection _connection;
    private readonly string _replyPrefix;
    private readonly DeadlineTimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Pending> _pending = [];
    private long _last;

    public Requests(NatsConnection connection)
        : base($"{connection.Inbox}.r.*")
    {
        _connection = connection;
        _replyPrefix = $"{connection.Inbox}.r.";
        _timer = new DeadlineTimer(ExpireOverdue);
        connection.Subscribe(this);
    }

    /// <summary>Answers with the payload; throws <see cref="JetStreamUnavailableException"/> for everything that is not an answer.</summary>
    public ActorTask<byte[]> SendAsync(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, TimeSpan timeout)
    {
        Subjects.RequireSubject(subject);
        Promise<byte[]> promise = Promise<byte[]>.Rent();
        ActorTask<byte[]> task = promise.Task;
        string what = Encoding.UTF8.GetString(subject);
        long deadline = DeadlineTimer.After(timeout);
        long number;
        lock (_gate)
        {
            number = ++_last;
            _pending.Add(number, new Pending(promise, deadline, what));
        }

        if (_connection.TryPublish(subject, Encoding.UTF8.GetBytes($"{_replyPrefix}{number}"), default, payload))
        {
            _timer.Ensure(deadline);
        }
        else
        {
            Fail(number, "there is no connection, or it takes no more bytes");
        }

        return task;
    }

    public override void OnMessage(in MessageFrame frame)
    {
        ReadOnlySpan<byte> token = frame.Subject[Math.Min(_replyPrefix.Length, frame.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long number, out int used) || used != token.Length)
        {
            return;
        }

        if (StatusLine.TryParse(frame.HeaderBlock, out StatusLine status))
        {
            Fail(number, status.Code == 503 ? "nobody answers there; is JetStream enabled?" : $"{status.Code} {status.Text}");
        }
        else
        {
            Take(number)?.Promise.TrySetResult(frame.Payload.ToArray());
        }
    }

    public override void OnConnectionLost(string reason)
    {
        foreach (long number in Numbers())
        {
            Fail(number, $"the connection was lost: {reason}");
        }
    }

    public void Dispose() => _timer.Dispose();

    private List<long> Numbers()
    {
        lock (_gate)
        {
            return [.. _pending.Keys];
        }
    }

    private void Fail(long number, string reason)
    {
        if (Take(number) is { } pending)
        {
            pending.Promise.TrySetException(new JetStreamUnavailableException($"{pending.What}: {reason}"));
        }
    }

    private Pending? Take(long number)
    {
        lock (_gate)
        {
            return _pending.Remove(number, out Pending? pending) ? pending : null;
        }
    }

    private long ExpireOverdue(long now)
    {
        List<long> overdue = [];
        long earliest = DeadlineTimer.Never;
        lock (_gate)
        {
            foreach ((long number, Pending pending) in _pending)
            {
                if (pending.Deadline <= now)
                {
                    overdue.Add(number);
                }
                else
                {
                    earliest = Math.Min(earliest, pending.Deadline);
                }
            }
        }

        overdue.ForEach(number => Fail(number, "no answer in time"));
        return earliest;
    }

    private sealed record Pending(Promise<byte[]> Promise, long Deadline, string What);
}
