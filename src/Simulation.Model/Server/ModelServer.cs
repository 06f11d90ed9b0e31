using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>
/// A server as a state machine: requests and times go in, answers come out, nothing else touches it. The same requests at the same times
/// give the same answers. Refusals of management requests are thrown as <see cref="JetStreamApiException"/>.
/// </summary>
public sealed class ModelServer(ModelServerOptions options)
{
    private readonly ServerClock _clock = new();
    private readonly Agenda _agenda = new();
    private readonly SortedDictionary<string, ModelStream> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelStream?> _streamOfSubject = [];
    private DateTimeOffset _startedAt;

    /// <summary>After a power loss: what was stored later is not on the disk.</summary>
    private DateTimeOffset? _syncedAt;

    public ModelServerOptions Options => options;

    public bool IsRunning { get; private set; }

    /// <summary>How often it was started.</summary>
    public int Incarnation { get; private set; }

    /// <summary>When it has something to do by itself; null for never.</summary>
    public DateTimeOffset? NextDue => IsRunning ? _agenda.NextDue : null;

    internal DateTimeOffset Now => _clock.Now;

    /// <summary>Starts it, for the first time or again.</summary>
    public void Start(DateTimeOffset now)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{options.Name} runs already.");
        }

        _clock.Now = now > _clock.Now ? now : _clock.Now;
        _startedAt = _clock.Now;
        Incarnation++;
        IsRunning = true;
        foreach (ModelStream stream in _streams.Values)
        {
            stream.Recover(_syncedAt);
        }

        _syncedAt = null;
    }

    /// <summary>The process dies: what only memory held is gone, and of the consumers' states what had not reached their files.</summary>
    public void Kill(DateTimeOffset now)
    {
        Advance(now);
        IsRunning = false;
        _agenda.Clear();
        _streamOfSubject.Clear();
        foreach (string name in _streams.Where(pair => pair.Value.Config.Storage == StorageType.Memory).Select(pair => pair.Key).ToArray())
        {
            _streams.Remove(name);
        }
    }

    /// <summary>The machine dies: as <see cref="Kill"/>, and what the files had not been synced with is gone, too.</summary>
    public void LosePower(DateTimeOffset now)
    {
        Kill(now);
        if (options.SyncInterval > TimeSpan.Zero)
        {
            _syncedAt = _startedAt + (options.SyncInterval * Math.Floor((_clock.Now - _startedAt) / options.SyncInterval));
        }
    }

    /// <summary>Lets time pass: what is due up to then happens, each at its own time.</summary>
    public void Advance(DateTimeOffset now)
    {
        while (IsRunning && _agenda.NextDue is { } due && due <= now)
        {
            _clock.Now = due > _clock.Now ? due : _clock.Now;
            _agenda.Take(due)!.OnDue();
        }

        _clock.Now = now > _clock.Now ? now : _clock.Now;
    }

    public AccountLimits GetAccount()
    {
        long Stored(StorageType storage) => _streams.Values.Where(stream => stream.Config.Storage == storage).Sum(stream => stream.Log.Bytes);
        return new AccountLimits(
            -1, -1, -1, -1, Stored(StorageType.Memory), Stored(StorageType.File), _streams.Count, _streams.Values.Sum(stream => stream.Info.ConsumerCount));
    }

    public StreamInfo CreateStream(StreamConfig asked)
    {
        string operation = $"CREATE stream {asked.Name}";
        StreamConfig config = StreamRules.Complete(operation, asked);
        if (_streams.TryGetValue(config.Name, out ModelStream? present))
        {
            return StreamRules.AreSame(present.Config, config) ? present.Info : throw ApiErrors.StreamNameInUse(operation);
        }

        RequireFreeSubjects(operation, config);
        var stream = new ModelStream(config, _clock, _agenda, options);
        _streams.Add(config.Name, stream);
        _streamOfSubject.Clear();
        return stream.Info;
    }

    public StreamInfo UpdateStream(StreamConfig asked)
    {
        string operation = $"UPDATE stream {asked.Name}";
        ModelStream stream = Require(operation, asked.Name);
        StreamConfig config = StreamRules.Complete(operation, asked);
        StreamRules.CheckUpdate(operation, stream.Config, config);
        RequireFreeSubjects(operation, config);
        stream.Update(config);
        _streamOfSubject.Clear();
        return stream.Info;
    }

    public StreamInfo? GetStream(string stream) => _streams.GetValueOrDefault(stream)?.Info;

    public bool DeleteStream(string name)
    {
        if (!_streams.Remove(name, out ModelStream? stream))
        {
            return false;
        }

        _streamOfSubject.Clear();
        stream.Close();
        return true;
    }

    public long PurgeStream(string stream, string? filter) => Require($"purge stream {stream}", stream).Purge(filter);

    public ImmutableArray<StreamInfo> ListStreams() => [.. _streams.Values.Select(stream => stream.Info)];

    public ConsumerInfo CreateConsumer(string stream, ConsumerConfig config) =>
        Require($"create consumer {stream}/{config.Name}", stream).CreateConsumer(config).Info;

    public ConsumerInfo UpdateConsumer(string stream, ConsumerConfig config) =>
        Require($"update consumer {stream}/{config.Name}", stream).UpdateConsumer(config).Info;

    public ConsumerInfo? GetConsumer(string stream, string consumer) => FindConsumer(stream, consumer)?.Info;

    public bool DeleteConsumer(string stream, string consumer) => _streams.TryGetValue(stream, out ModelStream? found) && found.DeleteConsumer(consumer);

    public ImmutableArray<ConsumerInfo> ListConsumers(string stream) =>
        [.. Require($"CONSUMER.LIST.{stream}", stream).Consumers.Select(consumer => consumer.Info)];

    public StoredMessage? GetMessage(string stream, ulong sequence)
    {
        string operation = $"get message of {stream}";
        ModelStream found = Require(operation, stream);
        return sequence == 0 ? throw ApiErrors.BadRequest(operation) : found.Log.Find(sequence)?.Message;
    }

    public StoredMessage? GetLastMessage(string stream, string subject) => Require($"get message of {stream}", stream).Log.LastOf(subject)?.Message;

    public bool DeleteMessage(string stream, ulong sequence)
    {
        string operation = $"delete message {sequence} of {stream}";
        ModelStream found = Require(operation, stream);
        if (found.Config.DenyDelete)
        {
            throw ApiErrors.DeleteDenied(operation);
        }

        // Files say what memory does not: that it lies outside of what they have.
        bool isOutside = sequence < found.Log.FirstSequence || sequence > found.Log.LastSequence;
        return isOutside && found.Config.Storage == StorageType.File
            ? throw ApiErrors.DeleteFailed(operation)
            : found.DeleteMessage(sequence);
    }

    internal PublishOutcome Publish(PublishCommand command)
    {
        if (!_streamOfSubject.TryGetValue(command.Subject, out ModelStream? stream))
        {
            stream = _streams.Values.FirstOrDefault(candidate => candidate.Takes(command.Subject));
            _streamOfSubject.Add(command.Subject, stream);
        }

        return stream?.Publish(command) ?? PublishOutcome.Rejected(503, "no responders: no stream takes this subject");
    }

    internal ModelConsumer? FindConsumer(string stream, string consumer) => _streams.GetValueOrDefault(stream)?.FindConsumer(consumer);

    /// <summary>A connection is gone, and with it what it waited for.</summary>
    internal void Forget(Predicate<IPullSink> gone)
    {
        foreach (ModelStream stream in _streams.Values)
        {
            foreach (ModelConsumer consumer in stream.Consumers)
            {
                consumer.Forget(gone);
            }
        }
    }

    private ModelStream Require(string operation, string stream) => _streams.GetValueOrDefault(stream) ?? throw ApiErrors.StreamNotFound(operation);

    private void RequireFreeSubjects(string operation, StreamConfig config)
    {
        foreach (ModelStream other in _streams.Values)
        {
            if (other.Config.Name != config.Name && other.Config.Subjects.Any(taken => config.Subjects.Any(subject => Subjects.Overlap(taken, subject))))
            {
                throw ApiErrors.SubjectsOverlap(operation);
            }
        }
    }
}
