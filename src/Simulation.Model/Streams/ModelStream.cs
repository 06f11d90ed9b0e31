using System.Globalization;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>A stream: its messages, what it refuses, what it lets go of, and its consumers.</summary>
internal sealed class ModelStream(StreamConfig config, ServerClock clock, Agenda agenda, ModelServerOptions options) : Dated
{
    /// <summary>Before this, a purge of one subject makes consumers pass over what is left of the others, too.</summary>
    private static readonly Version KeepsWhatAPurgeLeaves = new(2, 10);

    private readonly DuplicateTable _duplicates = new();
    private readonly OrderedTable<string, ModelConsumer> _consumers = new(StringComparer.Ordinal);
    private string? _lastMessageId;

    public StreamConfig Config { get; private set; } = config;

    public DateTimeOffset Created { get; } = clock.Now;

    public MessageLog Log { get; } = new();

    public ReplicaSet Replicas { get; private set; } = null!;

    public bool IsInMemory => Config.Storage == StorageType.Memory;

    /// <summary>In the order of their names, as lists of servers are.</summary>
    public ModelConsumer[] Consumers => _consumers.InOrder;

    public StreamInfo Info => new(Config, Created, Log.Count, Log.Bytes, Log.FirstSequence, Log.LastSequence, _consumers.Count, LeaderName);

    /// <summary>Null for a lone server, as real ones say it.</summary>
    public string? LeaderName => Replicas.IsAmongSeveral ? Replicas.Leader?.Name : null;

    /// <summary>To be called once, before anything else.</summary>
    public void PlaceOn(ReplicaSet replicas) => Replicas = replicas;

    public bool Takes(string subject)
    {
        foreach (string own in Config.Subjects)
        {
            if (Subjects.Matches(own, subject))
            {
                return true;
            }
        }

        return false;
    }

    public PublishOutcome Publish(PublishCommand command)
    {
        if (command.MessageId is { } id && _duplicates.TryFind(id, clock.Now, Config.DuplicateWindow, out ulong known))
        {
            return PublishOutcome.Acknowledged(Config.Name, known, duplicate: true);
        }

        if (!IsInMemory && Replicas.Leader is { IsDiskFull: true } full)
        {
            full.RefusedPublishes++;
            return PublishOutcome.Rejected(10023, "insufficient resources");
        }

        SubjectChain subject = Log.ChainOf(command.Subject);
        string? rollup = RollupOf(command.Body.Headers.Span);
        if (Refusal(command, subject, rollup) is { } refusal)
        {
            return refusal;
        }

        _lastMessageId = command.MessageId;
        ulong sequence = Log.LastSequence + 1;
        if (command.MessageId is not null)
        {
            _duplicates.Add(command.MessageId, sequence, clock.Now);
        }

        if (Config.Retention == RetentionPolicy.Interest && InterestedIn(subject).Length == 0)
        {
            Log.Skip();
        }
        else
        {
            Store(command, subject, sequence, rollup);
        }

        return PublishOutcome.Acknowledged(Config.Name, sequence, duplicate: false);
    }

    public void Update(StreamConfig next)
    {
        Config = next;
        ForgetInterest();
        KeepWithinLimits();
        Plan();
    }

    public bool DeleteMessage(ulong sequence)
    {
        if (Log.Find(sequence) is not { } entry)
        {
            return false;
        }

        Remove(entry);
        return true;
    }

    public long Purge(string? filter)
    {
        long purged = 0;
        foreach (LogEntry entry in Log.From(0))
        {
            if (filter is null || Subjects.Matches(filter, entry.Subject))
            {
                Log.Remove(entry);
                purged++;
            }
        }

        if (filter is null)
        {
            Log.MarkPurged();
        }

        bool skipsEverything = filter is not null && options.Version < KeepsWhatAPurgeLeaves;
        TellOfPurge(filter, skipsEverything ? Log.LastSequence + 1 : Log.FirstSequence);
        Plan();
        return purged;
    }

    public ModelConsumer? FindConsumer(string name) => _consumers.Find(name);

    public ModelConsumer CreateConsumer(ConsumerConfig asked)
    {
        string operation = $"create consumer {Config.Name}/{asked.Name}";
        ConsumerConfig complete = ConsumerRules.Complete(operation, asked, this, options.Version);
        if (FindConsumer(asked.Name) is { } present)
        {
            return ConsumerRules.AreSame(present.Config, complete) ? present : throw ApiErrors.ConsumerExists(operation);
        }

        if (MaxConsumers > 0 && _consumers.Count >= MaxConsumers)
        {
            throw ApiErrors.ConsumerLimit(operation);
        }

        ConsumerRules.CheckWorkQueue(operation, complete, this);
        var consumer = new ModelConsumer(this, complete, clock, agenda, options);
        _consumers.Add(asked.Name, consumer);
        foreach (SubjectChain subject in ThatInterest(consumer))
        {
            subject.Add(consumer);
        }

        return consumer;
    }

    public ModelConsumer UpdateConsumer(ConsumerConfig asked)
    {
        string operation = $"update consumer {Config.Name}/{asked.Name}";
        ConsumerConfig complete = ConsumerRules.Complete(operation, asked, this, options.Version);
        ModelConsumer consumer = FindConsumer(asked.Name) ?? throw ApiErrors.ConsumerDoesNotExist(operation);
        ConsumerRules.CheckUpdate(operation, consumer.Config, complete);
        ConsumerRules.CheckWorkQueue(operation, complete, this);
        ForgetInterest();
        consumer.Update(complete);
        return consumer;
    }

    public bool DeleteConsumer(string name)
    {
        if (!_consumers.Remove(name, out ModelConsumer? consumer))
        {
            return false;
        }

        foreach (SubjectChain subject in ThatInterest(consumer))
        {
            subject.Remove(consumer);
        }

        consumer.Close();
        if (Config.Retention == RetentionPolicy.Interest)
        {
            foreach (LogEntry entry in Log.From(0))
            {
                RemoveIfNobodyNeeds(entry);
            }
        }

        return true;
    }

    /// <summary>A consumer is done with it.</summary>
    public void OnAcknowledged(ulong sequence)
    {
        if (Config.Retention != RetentionPolicy.Limits && Log.Find(sequence) is { } entry)
        {
            RemoveIfNobodyNeeds(entry);
        }
    }

    public void Close()
    {
        foreach (ModelConsumer consumer in Consumers)
        {
            consumer.Close();
        }

        agenda.Plan(this, null);
    }

    public override void OnDue()
    {
        while (Log.First is { } oldest && clock.Now - oldest.Time >= Config.MaxAge)
        {
            Remove(oldest);
        }

        Plan();
    }

    /// <summary>Whether it is served has changed: while it is not, nothing happens by itself.</summary>
    public void Replan()
    {
        foreach (ModelConsumer consumer in Consumers)
        {
            consumer.Replan();
        }

        Plan();
    }

    /// <summary>Its server ends in order: what its consumers know is written.</summary>
    public void FlushConsumers()
    {
        foreach (ModelConsumer consumer in Consumers)
        {
            consumer.Flush();
        }
    }

    /// <summary>What its consumers' files held is gone.</summary>
    public void ForgetConsumerStates()
    {
        foreach (ModelConsumer consumer in Consumers)
        {
            consumer.ForgetState();
        }
    }

    /// <summary>Those who pull are told why, and have to pull again.</summary>
    public void EndPulls(Func<int, PullStatus> status)
    {
        foreach (ModelConsumer consumer in Consumers)
        {
            consumer.EndPulls(status);
        }
    }

    /// <summary>A server begins to serve it, from its own files and after a crash or an election.</summary>
    /// <param name="heldUntil">What was stored later it does not have; null when it has everything.</param>
    /// <param name="damage">What was done to its files.</param>
    /// <returns>How many messages are gone.</returns>
    public long Recover(DateTimeOffset? heldUntil, IEnumerable<Func<ModelStream, long>> damage)
    {
        long lost = heldUntil is { } time ? Log.ForgetAfter(time) : 0;
        lost += damage.Sum(harm => harm(this));
        _duplicates.Rebuild(Log, clock.Now, Config.DuplicateWindow);
        _lastMessageId = Log.Last?.MessageId;
        foreach (ModelConsumer consumer in Consumers)
        {
            if (consumer.Config.MemoryStorage)
            {
                _consumers.Remove(consumer.Config.Name, out _);
                consumer.Abandon();
            }
            else
            {
                consumer.Recover(heldUntil ?? clock.Now);
            }
        }

        ForgetInterest();
        Plan();
        return lost;
    }

    private int MaxConsumers => Config.MaxConsumers > 0 || options.Version < DefaultConsumerLimit.Since ? Config.MaxConsumers : DefaultConsumerLimit.Count;

    private PublishOutcome? Refusal(PublishCommand command, SubjectChain subject, string? rollup)
    {
        PublishExpectation? expected = command.Expectation;
        if (expected?.Stream is { } stream && stream != Config.Name)
        {
            return PublishOutcome.Rejected(10060, "expected stream does not match");
        }

        if (expected?.LastSubjectSequence is { } ofSubject && (subject.Last?.Sequence ?? 0) is var lastOfSubject && lastOfSubject != ofSubject)
        {
            return WrongLastSequence(lastOfSubject);
        }

        if (expected?.LastSequence is { } last && last != Log.LastSequence)
        {
            return WrongLastSequence(Log.LastSequence);
        }

        if (expected?.LastMessageId is { } lastId && lastId != (_lastMessageId ?? ""))
        {
            return PublishOutcome.Rejected(10070, $"wrong last msg ID: {_lastMessageId}");
        }

        if (rollup is not null && !Config.AllowRollup)
        {
            return PublishOutcome.Rejected(10111, "rollup not permitted");
        }

        int length = command.Body.PayloadLength + WireLength(command.Body);
        if (Config.MaxMessageSize >= 0 && length > Config.MaxMessageSize)
        {
            return PublishOutcome.Rejected(10054, "message size exceeds maximum allowed");
        }

        return Config.Discard == DiscardPolicy.New ? NoRoom(subject, length) : null;
    }

    /// <summary>A message that takes another one's place in its subject needs no room.</summary>
    private PublishOutcome? NoRoom(SubjectChain subject, int length)
    {
        bool replaces = Config.MaxMessagesPerSubject > 0 && subject.Count >= Config.MaxMessagesPerSubject;
        if (Config.MaxMessages > 0 && Log.Count >= Config.MaxMessages && !replaces)
        {
            return PublishOutcome.Rejected(10077, "maximum messages exceeded");
        }

        long freed = replaces ? subject.First!.Size : 0;
        return Config.MaxBytes > 0 && Log.Bytes - freed + length >= Config.MaxBytes
            ? PublishOutcome.Rejected(10077, "maximum bytes exceeded")
            : null;
    }

    private static PublishOutcome WrongLastSequence(ulong last) =>
        PublishOutcome.Rejected(10071, string.Create(CultureInfo.InvariantCulture, $"wrong last sequence: {last}"));

    private void Store(PublishCommand command, SubjectChain subject, ulong sequence, string? rollup)
    {
        var entry = new LogEntry(subject, sequence, clock.Now, command.Body, SizeOf(command));
        Log.Append(entry);
        RollUp(entry, rollup);
        KeepWithinLimit(subject);
        KeepWithinLimitsOfAll();
        Plan();
        if (!entry.IsGone)
        {
            foreach (ModelConsumer consumer in InterestedIn(subject))
            {
                consumer.OnStored(entry);
            }
        }

        // A roll-up is a purge of what came before it.
        if (rollup == "sub" && options.Version < KeepsWhatAPurgeLeaves)
        {
            TellOfPurge(entry.Subject, sequence);
        }
    }

    private void RollUp(LogEntry kept, string? rollup)
    {
        switch (rollup)
        {
            case "sub":
                while (kept.Chain.First is { } older && older != kept)
                {
                    Remove(older);
                }

                break;
            case "all":
                while (Log.First is { } older && older != kept)
                {
                    Remove(older);
                }

                break;
        }
    }

    /// <param name="filter">Of what was purged; null for everything.</param>
    /// <param name="first">What consumers may still get begins there.</param>
    private void TellOfPurge(string? filter, ulong first)
    {
        foreach (ModelConsumer consumer in Consumers)
        {
            if (filter is null || consumer.Filters.Any(own => Subjects.Overlap(own, filter)))
            {
                consumer.OnPurged(first);
            }
        }
    }

    private void KeepWithinLimits()
    {
        foreach (SubjectChain subject in Log.LastOfEach().Select(entry => entry.Chain).ToArray())
        {
            KeepWithinLimit(subject);
        }

        KeepWithinLimitsOfAll();
    }

    private void KeepWithinLimit(SubjectChain subject)
    {
        while (Config.MaxMessagesPerSubject > 0 && subject.Count > Config.MaxMessagesPerSubject)
        {
            Remove(subject.First!);
        }
    }

    private void KeepWithinLimitsOfAll()
    {
        while ((Config.MaxMessages > 0 && Log.Count > Config.MaxMessages) || (Config.MaxBytes > 0 && Log.Bytes > Config.MaxBytes))
        {
            Remove(Log.First!);
        }
    }

    private void RemoveIfNobodyNeeds(LogEntry entry)
    {
        foreach (ModelConsumer consumer in InterestedIn(entry.Chain))
        {
            if (consumer.StillNeeds(entry))
            {
                return;
            }
        }

        Remove(entry);
    }

    private void Remove(LogEntry entry)
    {
        Log.Remove(entry);
        foreach (ModelConsumer consumer in InterestedIn(entry.Chain))
        {
            consumer.OnRemoved(entry);
        }
    }

    private ModelConsumer[] InterestedIn(SubjectChain subject) => subject.Interested ??= FindInterestedIn(subject.Subject);

    // Apart, so that its closure is not made for every message.
    private ModelConsumer[] FindInterestedIn(string subject) => [.. Consumers.Where(consumer => consumer.Wants(subject))];

    private void ForgetInterest()
    {
        foreach (SubjectChain subject in Log.Chains)
        {
            subject.Interested = null;
        }
    }

    /// <summary>Consumers come and go. Watches of a bucket do so all the time, and most want only a few of its subjects.</summary>
    private IEnumerable<SubjectChain> ThatInterest(ModelConsumer consumer) => Log.Chains.Where(subject => consumer.Wants(subject.Subject));

    private void Plan() => agenda.Plan(this, Replicas.IsServed && Config.MaxAge > TimeSpan.Zero && Log.First is { } oldest ? oldest.Time + Config.MaxAge : null);

    private long SizeOf(PublishCommand command)
    {
        int headers = WireLength(command.Body);
        int content = command.Subject.Length + headers + command.Body.PayloadLength;
        return Config.Storage == StorageType.Memory ? content + 16 : content + 30 + (headers > 0 ? 4 : 0);
    }

    /// <summary>With the version line and the final blank line.</summary>
    private static int WireLength(in MessageBody body) => body.HeadersLength == 0 ? 0 : body.HeadersLength + "NATS/1.0\r\n\r\n".Length;

    private static string? RollupOf(ReadOnlySpan<byte> headers) =>
        HeaderBlock.TryFind(headers, "Nats-Rollup"u8, out ReadOnlySpan<byte> rollup) ? Encoding.UTF8.GetString(rollup) : null;

    /// <summary>What newer servers allow a stream that does not say how many consumers it may have.</summary>
    private static class DefaultConsumerLimit
    {
        public const int Count = 1000;
        public static readonly Version Since = new(2, 15);
    }
}
