using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// An ordered read over consumers that the server forgets by itself: what is stored already is fetched without waiting, what comes later is
/// pulled. When a delivery or the consumer is lost, another one goes on behind the last message that was given.
/// </summary>
internal sealed class ModelReader(ModelConnection connection, string stream, StreamReadOptions options) : IStreamReader
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly Queue<StoredMessage> _fetched = new();
    private bool _isBegun;
    private bool _isStopped;
    private string? _consumer;
    private ModelPull? _pull;
    private ulong _nextConsumerSequence;
    private ulong _end;
    private ulong _last;

    public bool CaughtUp { get; private set; }

    public async ActorTask<StoredMessage?> NextAsync()
    {
        TimeSpan? giveUpAt = null;
        while (true)
        {
            if (_fetched.TryDequeue(out StoredMessage? message))
            {
                CaughtUp |= message.Sequence >= _end;
                return message;
            }

            if (_isStopped || (CaughtUp && !options.Follow))
            {
                Leave();
                return null;
            }

            try
            {
                await AdvanceAsync();
                giveUpAt = null;
            }
            catch (JetStreamUnavailableException) when (!connection.IsClosed && !HasPassed(ref giveUpAt))
            {
                Leave();
                await connection.DelayAsync(RetryPause);
            }
        }
    }

    public void Stop()
    {
        _isStopped = true;
        _fetched.Clear();
        Leave();
    }

    private async ActorTask AdvanceAsync()
    {
        if (!_isBegun)
        {
            await BeginAsync();
        }
        else if (_consumer is not { } consumer)
        {
            await OpenAsync();
        }
        else if (!CaughtUp)
        {
            await FetchStoredAsync(consumer);
        }
        else
        {
            await PullNextAsync(consumer);
        }
    }

    private async ActorTask BeginAsync()
    {
        StreamInfo info = await connection.GetStreamAsync(stream)
            ?? throw new JetStreamApiException($"read stream {stream}", 404, 10059, "stream not found");
        _end = info.LastSequence;
        CaughtUp = options.From == DeliverPolicy.New || info.Messages == 0;
        _isBegun = true;
    }

    private async ActorTask OpenAsync()
    {
        (DeliverPolicy from, ulong start) = WhereToBegin();
        var config = new ConsumerConfig
        {
            Name = connection.NewReaderName(),
            FilterSubjects = options.SubjectFilter is { } filter ? [filter] : from == DeliverPolicy.LastPerSubject ? [">"] : [],
            DeliverPolicy = from,
            StartSequence = start,
            AckPolicy = AckPolicy.None,
            InactiveThreshold = ForgottenAfter,
            MemoryStorage = true,
        };
        await connection.CreateConsumerAsync(stream, config);
        _consumer = config.Name;
        _nextConsumerSequence = 1;
        if (_isStopped)
        {
            Leave();
        }
    }

    private (DeliverPolicy From, ulong Start) WhereToBegin() => options.From switch
    {
        // The last of each subject again: those given already are skipped.
        DeliverPolicy.LastPerSubject when !CaughtUp => (DeliverPolicy.LastPerSubject, 0),
        _ when _last > 0 => (DeliverPolicy.ByStartSequence, _last + 1),
        DeliverPolicy.New or DeliverPolicy.LastPerSubject => (DeliverPolicy.ByStartSequence, _end + 1),
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

    private async ActorTask PullNextAsync(string consumer)
    {
        _pull ??= connection.Subscribe(stream, consumer, new PullOptions { Outstanding = options.BatchSize }, waitsForRecovery: false);
        PullItem item = await _pull.NextAsync();
        if (item.Delivery is { } delivery)
        {
            Keep(delivery);
        }
        else
        {
            Leave();
        }
    }

    /// <summary>Takes the delivery, unless a hole before it shows that it is not the next one.</summary>
    private void Keep(Delivery delivery)
    {
        using (delivery)
        {
            if (_isStopped || _consumer is null)
            {
                return;
            }

            if (delivery.ConsumerSequence != _nextConsumerSequence)
            {
                Leave();
                return;
            }

            _nextConsumerSequence++;
            if (!options.Follow && delivery.StreamSequence > _end)
            {
                CaughtUp = true;
            }
            else if (delivery.StreamSequence > _last)
            {
                _last = delivery.StreamSequence;
                _fetched.Enqueue(new StoredMessage(
                    delivery.Subject, delivery.StreamSequence, delivery.StoredAt, delivery.Payload.ToArray(), delivery.Headers.ToArray()));
            }
        }
    }

    private void Leave()
    {
        _pull?.Finish();
        _pull = null;
        if (_consumer is { } consumer)
        {
            connection.Send(server => server.DeleteConsumer(stream, consumer));
        }

        _consumer = null;
    }

    private bool HasPassed(ref TimeSpan? giveUpAt)
    {
        giveUpAt ??= connection.System.Uptime + connection.RequestTimeout;
        return connection.System.Uptime >= giveUpAt;
    }
}
