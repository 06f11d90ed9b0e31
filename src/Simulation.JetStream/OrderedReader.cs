using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>
/// An ordered read over a consumer that the server forgets by itself. What is stored already is fetched without waiting, so that an empty
/// fetch is the end, whatever was purged meanwhile; what is stored later comes through a running pull. The consumer's own sequence shows a
/// lost delivery; then, after a reconnect, or when the consumer is gone, another one goes on behind the last message that was given.
/// </summary>
public sealed class OrderedReader(IOrderedReaderConnection connection, string stream, StreamReadOptions options) : IStreamReader
{
    /// <summary>Servers refuse "the last of each subject" unless it says of which subjects.</summary>
    private const string EverySubject = ">";

    private const int StreamNotFound = 10059;

    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long a fetch that does not wait may take; after that the consumer is taken to be gone.</summary>
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly Queue<StoredMessage> _fetched = new();
    private bool _begun;
    private bool _stopped;
    private string? _consumer;
    private IEndablePull? _pull;
    private ulong _nextConsumerSequence;

    /// <summary>Stream sequence of the last message that was given or fetched.</summary>
    private ulong _last;

    private bool _isMarked;

    public bool CaughtUp { get; private set; }

    /// <summary>What is behind it belongs to those who follow.</summary>
    public ulong End { get; private set; }

    public async ActorTask<StoredMessage?> NextAsync()
    {
        TimeSpan? giveUpAt = null;
        while (true)
        {
            try
            {
                if (_fetched.TryDequeue(out StoredMessage? message))
                {
                    CaughtUp |= message.Sequence >= End;
                    return message;
                }

                if (_stopped || (CaughtUp && !options.Follow))
                {
                    Leave();
                    return null;
                }

                if (CaughtUp && options.MarksEnd && !_isMarked)
                {
                    _isMarked = true;
                    FollowAtOnce();
                    return null;
                }

                if (CaughtUp && _consumer is not null)
                {
                    // What a watch does all its life, so without a method of its own to wait in.
                    Keep(await RunningPull().NextAsync());
                }
                else
                {
                    await AdvanceAsync();
                }

                giveUpAt = null;
            }
            catch (JetStreamUnavailableException) when (connection.State != ConnectionState.Closed && !HasPassed(ref giveUpAt))
            {
                Leave();
                do
                {
                    await connection.DelayAsync(RetryPause);
                }
                while (connection.State == ConnectionState.Reconnecting && !_stopped && !HasPassed(ref giveUpAt)); // Asking meanwhile brings nothing but errors.
            }
        }
    }

    public void Stop()
    {
        _stopped = true;
        _fetched.Clear();
        Leave();
    }

    /// <summary>One step on the way to the running pull: set up or fetch. It may bring nothing.</summary>
    private async ActorTask AdvanceAsync()
    {
        if (!_begun)
        {
            await BeginAsync();
        }
        else if (_consumer is not { } consumer)
        {
            await OpenAsync();
        }
        else
        {
            await FetchStoredAsync(consumer);
        }
    }

    private async ActorTask BeginAsync()
    {
        StreamInfo info = await connection.GetStreamAsync(stream)
            ?? throw new JetStreamApiException($"read stream {stream}", 404, StreamNotFound, "stream not found");
        End = info.LastSequence;
        CaughtUp = options.From == DeliverPolicy.New || info.Messages == 0;
        _begun = true;
    }

    private async ActorTask OpenAsync()
    {
        (DeliverPolicy from, ulong start) = WhereToBegin();
        var config = new ConsumerConfig
        {
            Name = connection.NewEphemeralName(),
            FilterSubjects = options.SubjectFilter is { } filter ? [filter] : from == DeliverPolicy.LastPerSubject ? [EverySubject] : [],
            DeliverPolicy = from,
            StartSequence = start,
            AckPolicy = AckPolicy.None,
            InactiveThreshold = ForgottenAfter,
            MemoryStorage = true,
            Replicas = 1,
        };
        await connection.CreateEphemeralAsync(stream, config);
        _consumer = config.Name;
        _nextConsumerSequence = 1;
        if (_stopped)
        {
            Leave();
        }
    }

    private (DeliverPolicy From, ulong Start) WhereToBegin() => options.From switch
    {
        // The last of each subject again: those given already are skipped.
        DeliverPolicy.LastPerSubject when !CaughtUp => (DeliverPolicy.LastPerSubject, 0),
        _ when _last > 0 => (DeliverPolicy.ByStartSequence, _last + 1),
        DeliverPolicy.New or DeliverPolicy.LastPerSubject => (DeliverPolicy.ByStartSequence, End + 1),
        DeliverPolicy.ByStartSequence => (DeliverPolicy.ByStartSequence, Math.Max(1, options.StartSequence)),
        _ => (options.From, 0),
    };

    private async ActorTask FetchStoredAsync(string consumer)
    {
        FetchResult result = await connection.FetchAsync(stream, consumer, new FetchRequest(options.BatchSize, FetchPatience, NoWait: true));
        foreach (Delivery delivery in result.Deliveries)
        {
            Keep(delivery);
        }

        switch (result.End)
        {
            case PullEnd.Complete:
                break;
            case PullEnd.NoMessages or PullEnd.Expired:
                CaughtUp = _fetched.Count == 0 && _consumer is not null;
                break;
            case PullEnd.ConnectionLost:
                throw new JetStreamUnavailableException($"read stream {stream}: {result.Text}");
            default:
                Leave();
                break;
        }
    }

    /// <summary>Old servers let a consumer pass over what it has not delivered when one subject is purged, so what comes is pulled before it is asked for.</summary>
    private void FollowAtOnce()
    {
        if (_consumer is not null)
        {
            RunningPull();
        }
    }

    private IEndablePull RunningPull() =>
        _pull ??= connection.SubscribeStrictly(stream, _consumer!, new PullOptions { Outstanding = options.BatchSize });

    private void Keep(in PullItem item)
    {
        if (item.Delivery is { } delivery)
        {
            Keep(delivery);
        }
        else
        {
            Leave();
        }
    }

    /// <summary>Copies the delivery, unless a hole before it shows that it is not the next one.</summary>
    private void Keep(Delivery delivery)
    {
        using (delivery)
        {
            if (_stopped || _consumer is null)
            {
                return;
            }

            if (delivery.ConsumerSequence != _nextConsumerSequence)
            {
                Leave();
                return;
            }

            _nextConsumerSequence++;
            bool behindTheEnd = !options.Follow && delivery.StreamSequence > End;
            if (behindTheEnd)
            {
                CaughtUp = true;
            }
            else if (delivery.StreamSequence > _last)
            {
                _last = delivery.StreamSequence;
                _fetched.Enqueue(Copy(delivery));
            }
        }
    }

    private static StoredMessage Copy(Delivery delivery)
    {
        int headers = delivery.Headers.Length;
        byte[] bytes = new byte[headers + delivery.Payload.Length];
        delivery.Headers.CopyTo(bytes);
        delivery.Payload.CopyTo(bytes.AsSpan(headers));
        return new StoredMessage(delivery.Subject, delivery.StreamSequence, delivery.StoredAt, bytes.AsMemory(headers), bytes.AsMemory(0, headers));
    }

    /// <summary>Gives the consumer up; a read that is not over makes another one.</summary>
    private void Leave()
    {
        _pull?.Finish();
        _pull = null;
        if (_consumer is { } consumer)
        {
            connection.ForgetConsumer(stream, consumer);
        }

        _consumer = null;
    }

    private bool HasPassed(ref TimeSpan? giveUpAt)
    {
        giveUpAt ??= connection.Uptime + connection.RequestTimeout;
        return connection.Uptime >= giveUpAt;
    }
}
