using System.Text;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Workload;

namespace Simulation.Actors;

/// <summary>
/// Sends the messages of its partitions by intended time, records each intent before it publishes, and publishes a message again, under
/// the same identity, until it is acknowledged. Its state is its log: one that comes back after a kill reads what it was.
/// </summary>
internal sealed class Producer : ReceiveActor
{
    /// <summary>At the end a message that is refused is tried again for this long: a server that is coming back refuses too, and a cluster that elects for ten seconds.</summary>
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(20);

    private readonly int _number;
    private readonly RunOptions _run;
    private readonly RunServices _services;
    private readonly RunTopology _topology;
    private readonly ProducerShare _share;
    private readonly PartitionLane[] _lanes;
    private readonly byte[] _runId;
    private readonly byte[] _body;
    private readonly byte[] _messageId;
    private readonly Signal _room = new();

    private ProducerMemory _memory = null!;
    private HistoryWriter _history = null!;
    private IJetStreamConnection _connection = null!;
    private IArrivalSchedule _schedule = null!;
    private DateTimeOffset _start;

    /// <summary>Grows when the schedule is changed: a loop that waits by the old one ends.</summary>
    private int _scheduleVersion;
    private long _producerSequence;
    private int _open;
    private OpenIntent? _lastAcknowledged;
    private bool _stopping;
    private TimeSpan _stoppedAt;

    public Producer(int number, RunOptions run, RunServices services, RunTopology topology)
    {
        _number = number;
        _run = run;
        _services = services;
        _topology = topology;
        _share = run.Workload.Producers.ShareOf(number);
        _lanes = new PartitionLane[_share.Count];
        for (int slot = 0; slot < _lanes.Length; slot++)
        {
            int partition = _share[slot];
            _lanes[slot] = new PartitionLane(partition, Encoding.UTF8.GetBytes(topology.SubjectOf(partition)), run.Workload.Weights[partition], DrainLaneAsync)
            {
                IsOpen = slot < _share.Range.Count,
            };
        }

        _runId = Encoding.UTF8.GetBytes(run.RunId);
        _body = new byte[MessageCodec.BufferSize(run.Workload.Options.Messages.Size)];
        _messageId = new byte[NatsMessageId.MaxLength(_runId.Length)];
        Become(Preparing);
    }

    public static string NameOf(int number) => $"producer-{number}";

    protected override void PreStart() => Context.Spawn(PrepareAsync);

    protected override void PostStop() => Close();

    protected override void PreRestart(Exception reason, object? message) => Close();

    private void Preparing() =>
        Receive<PublishDuplicate>(_ => Sender?.Tell(FaultAnswer.Missed($"{NameOf(_number)} is not at work yet"), Self));

    private void Ready()
    {
        Receive<StartSending>(StartSending);
        Receive<SendToPartitions>(change => SendTo(change.Count));
        Receive<StopSending>(_ => StopSending());
        Receive<PublishDuplicate>(_ => PublishDuplicate(Sender));
    }

    private async ActorTask PrepareAsync()
    {
        string name = NameOf(_number);
        _memory = ProducerMemory.Read(_services.History, name, _share);
        _producerSequence = _memory.ProducerSequence;
        _history = _services.History.Create(name, ParticipantKind.Producer);
        _history.Started(Context.Now, _memory.Incarnations + 1);
        _connection = await _services.Connector.ConnectAsync(name);
        foreach (OpenIntent message in _memory.Open)
        {
            _open++;
            LaneOf(message.Partition).Waiting.Enqueue(message);
        }

        for (int slot = 0; slot < _lanes.Length; slot++)
        {
            _lanes[slot].Taken = _memory.Taken[slot];
        }

        Become(Ready);
        Context.Parent!.Tell(new ProducerReady(_number), Self);
    }

    private void StartSending(StartSending start)
    {
        _start = start.Start;
        _schedule = _run.Workload.CreateSchedule(_number, _memory.Taken);
        foreach ((int partition, PartitionOpening opening) in _memory.Openings)
        {
            Turn(partition, opening);
        }

        StartWaitingLanes();
        SendTo(start.Partitions);
    }

    /// <summary>Written down before it is done: whoever comes after this one goes on by the same schedule.</summary>
    private void SendTo(int count)
    {
        foreach (PartitionLane lane in _lanes.Where(lane => lane.IsOpen != lane.Partition < count))
        {
            var opening = new PartitionOpening(!lane.IsOpen, Context.Now - _start, lane.Taken);
            if (opening.IsOpen)
            {
                _history.PartitionOpened(Context.Now, lane.Partition, opening.After, opening.At);
            }
            else
            {
                _history.PartitionRetired(Context.Now, lane.Partition, opening.After, opening.At);
            }

            Turn(lane.Partition, opening);
        }

        int version = ++_scheduleVersion;
        _room.Set();
        Context.Spawn(() => SendByScheduleAsync(version));
        Context.Parent!.Tell(new SendsToPartitions(_number, count), Self);
    }

    private void Turn(int partition, PartitionOpening opening)
    {
        LaneOf(partition).IsOpen = opening.IsOpen;
        if (opening.IsOpen)
        {
            _schedule.Open(partition, opening.At, opening.After);
        }
        else
        {
            _schedule.Close(partition);
        }
    }

    private PartitionLane LaneOf(int partition) => _lanes[_share.SlotOf(partition)];

    /// <summary>What was due and never begun is dropped: it was not intended yet, so it is nobody's loss.</summary>
    private void StopSending()
    {
        _stopping = true;
        _stoppedAt = Context.Uptime;
        foreach (PartitionLane lane in _lanes)
        {
            int waiting = lane.Waiting.Count;
            for (int i = 0; i < waiting; i++)
            {
                OpenIntent message = lane.Waiting.Dequeue();
                if (message.Attempts > 0)
                {
                    lane.Waiting.Enqueue(message);
                }
                else
                {
                    _open--;
                }
            }
        }

        StartWaitingLanes();
        TellWhenSettled();
    }

    private async ActorTask SendByScheduleAsync(int version)
    {
        while (!_stopping && version == _scheduleVersion)
        {
            while (_open < _run.Publishing.Window && _schedule.TryTake(Context.Now - _start, out Arrival arrival))
            {
                Begin(arrival);
                if (Context.Buggify("producer.batch-cut"))
                {
                    break;
                }
            }

            if (_open >= _run.Publishing.Window)
            {
                await _room.WaitAsync();
            }
            else if (_schedule.NextAt is { } next)
            {
                await Context.Delay(Max(next - (Context.Now - _start), TimeSpan.Zero));
            }
            else
            {
                return;
            }

            await Context.BuggifyDelay("producer.sends-late", TimeSpan.FromSeconds(1));
        }
    }

    private void Begin(in Arrival arrival)
    {
        PartitionLane lane = LaneOf(arrival.Partition);
        lane.Taken = arrival.Sequence;
        _open++;
        lane.Waiting.Enqueue(new OpenIntent(arrival.Partition, arrival.Sequence, 0, UnixMicroseconds.From(_start + arrival.At), 0, 0));
        if (lane.Senders == 0 || !_run.Publishing.Ordered)
        {
            StartSender(lane);
        }
    }

    private void StartWaitingLanes()
    {
        foreach (PartitionLane lane in _lanes)
        {
            if (lane.Waiting.Count > 0 && lane.Senders == 0)
            {
                StartSender(lane);
            }
        }
    }

    private void StartSender(PartitionLane lane)
    {
        lane.Senders++;
        Context.Spawn(lane.Sender);
    }

    private async ActorTask DrainLaneAsync(PartitionLane lane)
    {
        while (lane.Waiting.TryDequeue(out OpenIntent message))
        {
            await PublishUntilSettledAsync(lane, message);
            _open--;
            _room.Set();
            TellWhenSettled();
        }

        lane.Senders--;
    }

    private async ActorTask PublishUntilSettledAsync(PartitionLane lane, OpenIntent message)
    {
        if (message.Attempts == 0)
        {
            message = message with { ProducerSequence = ++_producerSequence, FirstPublished = UnixMicroseconds.From(Context.Now) };
        }

        TimeSpan backoff = _run.Publishing.RetryBackoff;
        while (true)
        {
            if (message.Attempts > 0 && await IsSettledOtherwiseAsync(lane, message))
            {
                return;
            }

            message = message with { Attempts = message.Attempts + 1 };
            PublishOutcome outcome = await Publish(lane, message);
            if (Context.IsPlanted(PlantedBugs.PublishBeforeIntent))
            {
                RecordIntent(message, WriteBody(lane, message));
            }

            Record(message, outcome);
            if (outcome.IsAcknowledged || IsRefusedForGood(outcome))
            {
                return;
            }

            await _connection.WhenConnectedAsync();
            await Context.BuggifyDelay("producer.retry-late", _run.Publishing.RetryBackoff * 50);
            await Context.Delay(Context.Random.Uniform(backoff / 2, backoff));
            backoff = Min(backoff * 2, _run.Publishing.RetryBackoff * 10);
        }
    }

    private bool IsRefusedForGood(in PublishOutcome outcome) =>
        _stopping && outcome.Result == PublishResult.Rejected
        && ((outcome.IsOutOfStorage && !_run.Stream.MayBeFull) || Context.Uptime - _stoppedAt > RefusalPatience);

    private ActorTask<PublishOutcome> Publish(PartitionLane lane, in OpenIntent message)
    {
        int bodyLength = WriteBody(lane, message);
        new NatsMessageId(_runId, message.Partition, message.Sequence).TryFormat(_messageId, out int idLength);
        if (!Context.IsPlanted(PlantedBugs.PublishBeforeIntent))
        {
            RecordIntent(message, bodyLength);
        }

        if (message.Attempts > 1 && Context.IsPlanted(PlantedBugs.RetryUnderNewIdentity))
        {
            idLength = 0;
        }

        return _connection.PublishAsync(new PublishMessage
        {
            Subject = lane.Subject,
            MessageId = _messageId.AsSpan(0, idLength),
            Payload = _body.AsSpan(0, bodyLength),
            Timeout = _run.Publishing.Timeout,
        });
    }

    private int WriteBody(PartitionLane lane, in OpenIntent message)
    {
        var header = new MessageHeader(message.Partition, _number, message.Sequence, message.ProducerSequence, message.Intended, lane.Weight);
        MessageCodec.TryWrite(_body, header, _run.Workload.Options.Messages.Size, out int length);
        return length;
    }

    private void RecordIntent(in OpenIntent message, int bodyLength) =>
        _history.Intent(Context.Now, new MessageId(message.Partition, message.Sequence), message.ProducerSequence,
            UnixMicroseconds.ToTime(message.Intended), message.Attempts, bodyLength, MessageCodec.ChecksumOf(_body.AsSpan(0, bodyLength)));

    private void Record(in OpenIntent message, in PublishOutcome outcome)
    {
        var id = new MessageId(message.Partition, message.Sequence);
        switch (outcome.Result)
        {
            case PublishResult.Acknowledged:
                _history.Acknowledged(Context.Now, id, outcome.Sequence, outcome.Duplicate);
                _lastAcknowledged = message;
                break;
            case PublishResult.Rejected:
                _history.Rejected(Context.Now, id, outcome.ErrorCode, outcome.Text);
                TellWhenStorageIsExhausted(outcome);
                break;
            default:
                _history.Unknown(Context.Now, id, outcome.Text is null ? outcome.Reason.ToString() : $"{outcome.Reason}: {outcome.Text}");
                break;
        }
    }

    /// <summary>With a margin, because the server's clock is another one.</summary>
    private bool IsBeyondDuplicateWindow(in OpenIntent message) =>
        Context.Now - UnixMicroseconds.ToTime(message.FirstPublished) >= _run.Stream.DuplicateWindow * 0.8
        && !Context.IsPlanted(PlantedBugs.RetryBeyondDuplicateWindow);

    /// <summary>
    /// Beyond the duplicate window a second publish could store the message twice, so the stream is asked instead: with one sender a
    /// partition, the last message of its subject is this one or it never arrived. Unordered senders cannot tell and leave it unknown.
    /// </summary>
    private async ActorTask<bool> IsSettledOtherwiseAsync(PartitionLane lane, OpenIntent message)
    {
        if (!IsBeyondDuplicateWindow(message))
        {
            return false;
        }

        if (!_run.Publishing.Ordered)
        {
            return true;
        }

        while (true)
        {
            try
            {
                StoredMessage? last = await _connection.GetLastMessageAsync(_topology.Stream, _topology.SubjectOf(lane.Partition));
                return last?.Header("Nats-Msg-Id") == $"{_run.RunId}.{message.Partition}.{message.Sequence}";
            }
            catch (JetStreamException)
            {
                await Context.Delay(_run.Publishing.RetryBackoff);
            }
        }
    }

    // ---- what is done to it on purpose

    private void PublishDuplicate(IActorRef? asker)
    {
        if (_stopping || _lastAcknowledged is not { } last || IsBeyondDuplicateWindow(last))
        {
            asker?.Tell(FaultAnswer.Missed($"{NameOf(_number)} has no message that the server would know again"), Self);
            return;
        }

        _open++;
        Context.Spawn(async () =>
        {
            asker?.Tell(await PublishAgainAsync(last), Self);
            _open--;
            _room.Set();
            TellWhenSettled();
        });
    }

    private async ActorTask<FaultAnswer> PublishAgainAsync(OpenIntent message)
    {
        message = message with { Attempts = message.Attempts + 1 };
        PublishOutcome outcome = await Publish(LaneOf(message.Partition), message);
        Record(message, outcome);
        return outcome.IsAcknowledged
            ? FaultAnswer.Proven($"message {message.Partition}/{message.Sequence} was published twice; the server answered {(outcome.Duplicate ? "that it is a duplicate of" : "with")} stream sequence {outcome.Sequence}")
            : FaultAnswer.Missed($"the second publish of message {message.Partition}/{message.Sequence} was {outcome.Result}: {outcome.Text}");
    }

    private void TellWhenStorageIsExhausted(in PublishOutcome refused)
    {
        if (refused.IsOutOfStorage && !_run.Stream.MayBeFull)
        {
            Context.Parent!.Tell(new StorageExhausted($"{refused.Text}, {refused.ErrorCode}"), Self);
        }
    }

    private void TellWhenSettled()
    {
        if (_stopping && _open == 0)
        {
            Context.Parent!.Tell(new ProducerSettled(_number), Self);
        }
    }

    private void Close()
    {
        _history?.Dispose();
        _connection?.Abort();
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
