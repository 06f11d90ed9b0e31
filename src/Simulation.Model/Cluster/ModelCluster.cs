using System.Collections.Immutable;
using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// The JetStream of one or several servers as a state machine: requests and times go in, answers come out, nothing else touches it. The
/// same requests at the same times give the same answers. Refusals of management requests are thrown as <see cref="JetStreamApiException"/>.
/// </summary>
public class ModelCluster
{
    /// <summary>Of a file that holds messages, in bytes.</summary>
    private const long BlockSize = 8 << 20;

    private readonly ModelServerOptions _options;
    private readonly ServerClock _clock = new();
    private readonly OrderedTable<string, ModelStream> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelStream?> _streamOfSubject = [];
    private int _placed;

    /// <summary>The server that the request in hand came to.</summary>
    private ModelNode _entry;

    /// <param name="options">Of each of its servers.</param>
    /// <param name="servers">How many there are: 1, 3 or 5.</param>
    public ModelCluster(ModelServerOptions options, int servers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(servers, 1);
        _options = options;
        Nodes = [.. Enumerable.Range(0, servers).Select(number => new ModelNode(NameOf(options, number, servers), number))];
        _entry = Nodes[0];
    }

    public ModelServerOptions Options => _options;

    public ImmutableArray<ModelNode> Nodes { get; }

    public bool IsClustered => Nodes.Length > 1;

    /// <summary>Whether any of its servers runs.</summary>
    public bool IsRunning => Nodes.Any(node => node.IsRunning);

    /// <summary>When it has something to do by itself; null for never.</summary>
    public DateTimeOffset? NextDue => Agenda.NextDue;

    internal DateTimeOffset Now => _clock.Now;

    internal Agenda Agenda { get; } = new();

    /// <summary>Of elections. A lone server needs none.</summary>
    internal RandomStream Chance { get; set; } = RandomStream.Derive(0, "model/cluster");

    /// <summary>Starts a server, for the first time or again.</summary>
    public void Start(ModelNode node, DateTimeOffset now)
    {
        if (node.IsRunning)
        {
            throw new InvalidOperationException($"{node.Name} runs already.");
        }

        Advance(now);
        node.IsRunning = true;
        node.IsPaused = false;
        node.Incarnation++;
        node.StartedAt = _clock.Now;
        Reconsider();
    }

    /// <summary>The process dies: what only memory held is gone, and of the consumers' states what had not reached their files.</summary>
    public void Kill(ModelNode node, DateTimeOffset now) => Stop(node, now, losesPower: false);

    /// <summary>The machine dies: as <see cref="Kill"/>, and what the files had not been synced with is gone, too.</summary>
    public void LosePower(ModelNode node, DateTimeOffset now) => Stop(node, now, losesPower: true);

    /// <summary>The process ends in order: what consumers know is written first.</summary>
    public void Stop(ModelNode node, DateTimeOffset now)
    {
        Advance(now);
        foreach (ModelStream stream in _streams.InOrder.Where(stream => stream.Replicas.Leader == node))
        {
            stream.FlushConsumers();
        }

        Stop(node, now, losesPower: false);
    }

    /// <summary>
    /// Damages a block file of a stream on a server that is down: from that place on to the end of the block, nothing can be read any more. In the
    /// last block, those sequences will be given away again.
    /// </summary>
    /// <param name="at">The place, as a share of all that the stream holds.</param>
    /// <returns>How many messages are affected. With replicas, it shows only if this one is elected to lead.</returns>
    public long DamageBlock(ModelNode node, string stream, double at)
    {
        if (FindDown(node, stream) is not { } replica)
        {
            return 0;
        }

        IReadOnlyList<ulong> rest = _streams.Find(stream)!.Log.RestOfFile(at, BlockSize);
        replica.Damage.Add(damaged => damaged.Log.ForgetUnreadable(rest));
        return rest.Count;
    }

    /// <summary>
    /// Damages what a stream's file says of itself, on a server that is down: a server that cannot read it passes the stream over. With replicas,
    /// it gets everything from the others again.
    /// </summary>
    /// <returns>How many messages are affected.</returns>
    public long DamageMeta(ModelNode node, string stream)
    {
        if (FindDown(node, stream) is not { } replica)
        {
            return 0;
        }

        ModelStream damaged = _streams.Find(stream)!;
        replica.LoseEverything();
        if (!damaged.Replicas.IsReplicated)
        {
            Remove(damaged);
        }

        return damaged.Log.Count;
    }

    /// <summary>Damages the files of a stream's consumers, on a server that is down: they begin anew.</summary>
    /// <returns>How many consumers are affected.</returns>
    public int DamageConsumers(ModelNode node, string stream)
    {
        if (FindDown(node, stream) is not { } replica)
        {
            return 0;
        }

        replica.Damage.Add(damaged =>
        {
            damaged.ForgetConsumerStates();
            return 0;
        });
        return _streams.Find(stream)!.Consumers.Length;
    }

    /// <summary>The process stops where it stands, until <see cref="Resume"/>.</summary>
    public void Pause(ModelNode node, DateTimeOffset now) => Change(now, () => node.IsPaused = node.IsRunning);

    public void Resume(ModelNode node, DateTimeOffset now) => Change(now, () => node.IsPaused = false);

    /// <summary>Cuts a server off from the others, not from its clients, until <see cref="Rejoin"/>.</summary>
    public void Isolate(ModelNode node, DateTimeOffset now) => Change(now, () => node.IsIsolated = true);

    public void Rejoin(ModelNode node, DateTimeOffset now) => Change(now, () => node.IsIsolated = false);

    /// <summary>A stream's leader hands over to another replica.</summary>
    /// <returns>False when there is no such stream, or nobody to hand over to or from.</returns>
    public bool StepDown(string stream, DateTimeOffset now)
    {
        Advance(now);
        if (_streams.Find(stream) is not { Config.Replicas: > 1, Replicas: { IsServed: true } replicas })
        {
            return false;
        }

        replicas.StepDown();
        return true;
    }

    /// <returns>Null while nobody leads it, and when there is no such stream.</returns>
    public ModelNode? LeaderOf(string stream) => _streams.Find(stream)?.Replicas is { IsServed: true } replicas ? replicas.Leader : null;

    /// <summary>Lets time pass: what is due up to then happens, each at its own time.</summary>
    public void Advance(DateTimeOffset now)
    {
        while (Agenda.NextDue is { } due && due <= now)
        {
            _clock.Now = due > _clock.Now ? due : _clock.Now;
            Agenda.Take(due)!.OnDue();
        }

        _clock.Now = now > _clock.Now ? now : _clock.Now;
    }

    /// <summary>Does what a participant sent to one of the servers.</summary>
    internal void Handle(IRequest request, ModelNode entry)
    {
        _entry = entry;
        try
        {
            request.DoAt(this);
        }
        catch (NoAnswerException)
        {
        }
    }

    public AccountLimits GetAccount()
    {
        long Stored(StorageType storage) => _streams.InOrder.Where(stream => stream.Config.Storage == storage).Sum(stream => stream.Log.Bytes);
        return new AccountLimits(
            -1, -1, -1, -1, Stored(StorageType.Memory), Stored(StorageType.File), _streams.Count, _streams.InOrder.Sum(stream => stream.Info.ConsumerCount));
    }

    public StreamInfo CreateStream(StreamConfig asked)
    {
        string operation = $"CREATE stream {asked.Name}";
        RequireMajority(operation);
        StreamConfig config = StreamRules.Complete(operation, asked, Nodes.Length);
        if (_streams.Find(config.Name) is { } present)
        {
            return StreamRules.AreSame(present.Config, config) ? present.Info : throw ApiErrors.StreamNameInUse(operation);
        }

        RequireFreeSubjects(operation, config);
        var stream = new ModelStream(config, _clock, Agenda, _options);
        stream.PlaceOn(new ReplicaSet(stream, Place(config.Replicas), this));
        _streams.Add(config.Name, stream);
        _streamOfSubject.Clear();
        return stream.Info;
    }

    public StreamInfo UpdateStream(StreamConfig asked)
    {
        string operation = $"UPDATE stream {asked.Name}";
        ModelStream stream = Require(operation, asked.Name);
        StreamConfig config = StreamRules.Complete(operation, asked, Nodes.Length);
        StreamRules.CheckUpdate(operation, stream.Config, config);
        RequireFreeSubjects(operation, config);
        stream.Update(config);
        _streamOfSubject.Clear();
        return stream.Info;
    }

    public StreamInfo? GetStream(string stream) => Find(stream)?.Info;

    public bool DeleteStream(string name)
    {
        RequireMajority($"DELETE stream {name}");
        if (_streams.Find(name) is not { } stream)
        {
            return false;
        }

        Remove(stream);
        return true;
    }

    public long PurgeStream(string stream, string? filter) => Require($"purge stream {stream}", stream).Purge(filter);

    public ImmutableArray<StreamInfo> ListStreams()
    {
        RequireMajority("list streams");
        return [.. _streams.InOrder.Select(stream => stream.Info)];
    }

    public ConsumerInfo CreateConsumer(string stream, ConsumerConfig config) =>
        Require($"create consumer {stream}/{config.Name}", stream).CreateConsumer(config).Info;

    public ConsumerInfo UpdateConsumer(string stream, ConsumerConfig config) =>
        Require($"update consumer {stream}/{config.Name}", stream).UpdateConsumer(config).Info;

    public ConsumerInfo? GetConsumer(string stream, string consumer) => FindConsumer(stream, consumer)?.Info;

    public bool DeleteConsumer(string stream, string consumer) => Find(stream)?.DeleteConsumer(consumer) ?? false;

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
            stream = _streams.InOrder.FirstOrDefault(candidate => candidate.Takes(command.Subject));
            _streamOfSubject.Add(command.Subject, stream);
        }

        return stream is not null && IsReachable(stream)
            ? stream.Publish(command)
            : PublishOutcome.Rejected(503, "no responders: nobody takes this subject");
    }

    /// <returns>Null when there is none, and when nobody serves it.</returns>
    internal ModelConsumer? FindConsumer(string stream, string consumer) =>
        _streams.Find(stream) is { } found && IsReachable(found) ? found.FindConsumer(consumer) : null;

    /// <summary>A connection is gone, and with it what it waited for.</summary>
    internal void Forget(Predicate<IPullSink> gone)
    {
        foreach (ModelStream stream in _streams.InOrder)
        {
            foreach (ModelConsumer consumer in stream.Consumers)
            {
                consumer.Forget(gone);
            }
        }
    }

    private Replica? FindDown(ModelNode node, string stream)
    {
        if (node.IsRunning)
        {
            throw new InvalidOperationException($"{node.Name} runs; damage its files while it is down.");
        }

        return _streams.Find(stream)?.Replicas.On(node);
    }

    private static string NameOf(ModelServerOptions options, int number, int servers) =>
        servers == 1 ? options.Name : string.Create(CultureInfo.InvariantCulture, $"{options.Name}-{number + 1}");

    private void Stop(ModelNode node, DateTimeOffset now, bool losesPower)
    {
        if (!node.IsRunning)
        {
            return;
        }

        Advance(now);
        DateTimeOffset? syncedAt = losesPower ? node.SyncedAt(_clock.Now, _options.SyncInterval) : null;
        node.IsRunning = false;
        node.IsPaused = false;
        foreach (ModelStream stream in _streams.InOrder)
        {
            if (stream.IsInMemory && !IsClustered)
            {
                Remove(stream);
            }
            else
            {
                stream.Replicas.OnStopped(node, syncedAt);
            }
        }

        Reconsider();
    }

    private void Change(DateTimeOffset now, Action change)
    {
        Advance(now);
        change();
        Reconsider();
    }

    private void Reconsider()
    {
        foreach (ModelStream stream in _streams.InOrder)
        {
            stream.Replicas.Reconsider();
        }
    }

    /// <summary>The first of them leads at first, so streams take turns.</summary>
    private IEnumerable<ModelNode> Place(int replicas)
    {
        int first = _placed++;
        return Enumerable.Range(first, replicas).Select(number => Nodes[number % Nodes.Length]);
    }

    private void Remove(ModelStream stream)
    {
        _streams.Remove(stream.Config.Name, out _);
        _streamOfSubject.Clear();
        Agenda.Plan(stream.Replicas, null);
        stream.Close();
    }

    /// <summary>What changes the cluster itself needs most of its servers.</summary>
    private void RequireMajority(string operation)
    {
        if (Nodes.Count(node => _entry.Reaches(node)) <= Nodes.Length / 2)
        {
            throw ApiErrors.Unavailable(operation);
        }
    }

    /// <summary>Whether somebody leads it whom the server that was asked can reach.</summary>
    private bool IsReachable(ModelStream stream)
    {
        if (stream.Replicas.Leader is not { } leader || !_entry.Reaches(leader))
        {
            return false;
        }

        return stream.Replicas.IsServed ? true : throw new NoAnswerException();
    }

    private ModelStream? Find(string name)
    {
        if (_streams.Find(name) is not { } stream)
        {
            return null;
        }

        return IsReachable(stream) ? stream : throw new JetStreamUnavailableException($"stream {name}: nobody leads it");
    }

    private ModelStream Require(string operation, string stream) => Find(stream) ?? throw ApiErrors.StreamNotFound(operation);

    private void RequireFreeSubjects(string operation, StreamConfig config)
    {
        foreach (ModelStream other in _streams.InOrder)
        {
            if (other.Config.Name != config.Name && other.Config.Subjects.Any(taken => config.Subjects.Any(subject => Subjects.Overlap(taken, subject))))
            {
                throw ApiErrors.SubjectsOverlap(operation);
            }
        }
    }
}
