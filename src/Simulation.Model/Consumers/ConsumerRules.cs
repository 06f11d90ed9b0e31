using System.Collections.Immutable;
using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>What a server makes of a consumer's configuration, and what it refuses.</summary>
internal static class ConsumerRules
{
    private const int DefaultMaxWaiting = 512;
    private static readonly TimeSpan DefaultAckWait = TimeSpan.FromSeconds(30);
    private static readonly Version SeveralFilters = new(2, 10);

    /// <summary>From here on, a filter need not match anything that the stream can hold.</summary>
    private static readonly Version TakesAnyFilter = new(2, 10);

    public static ConsumerConfig Complete(string operation, ConsumerConfig asked, ModelStream stream, Version version)
    {
        bool owesNothing = asked.AckPolicy == AckPolicy.None;
        ConsumerConfig config = asked with
        {
            FilterSubjects = asked.FilterSubjects.IsDefault ? [] : asked.FilterSubjects,
            BackOff = asked.BackOff.IsDefault ? [] : asked.BackOff,
            AckWait = owesNothing ? TimeSpan.Zero
                : !asked.BackOff.IsDefaultOrEmpty ? asked.BackOff[0]
                : asked.AckWait > TimeSpan.Zero ? asked.AckWait : DefaultAckWait,
            MaxAckPending = owesNothing ? -1 : asked.MaxAckPending == 0 ? 1000 : asked.MaxAckPending,
            MaxDeliver = asked.MaxDeliver == 0 ? -1 : asked.MaxDeliver,
            MaxWaiting = asked.MaxWaiting == 0 ? DefaultMaxWaiting : asked.MaxWaiting,
            StartSequence = asked.DeliverPolicy == DeliverPolicy.ByStartSequence ? asked.StartSequence : 0,
        };
        CheckFilters(operation, config, stream, version);
        if (config.MaxDeliver > 0 && config.BackOff.Length > config.MaxDeliver)
        {
            throw ApiErrors.BackOffTooLong(operation);
        }

        return config;
    }

    /// <summary>Only one consumer of a work queue may get a message.</summary>
    public static void CheckWorkQueue(string operation, ConsumerConfig config, ModelStream stream)
    {
        if (stream.Config.Retention != RetentionPolicy.WorkQueue)
        {
            return;
        }

        if (config.AckPolicy != AckPolicy.Explicit)
        {
            throw ApiErrors.WorkQueueNeedsExplicit(operation);
        }

        bool isFiltered = !config.FilterSubjects.IsEmpty;
        foreach (ModelConsumer other in stream.Consumers)
        {
            if (other.Config.Name != config.Name && other.Filters.Any(taken => FiltersOf(config).Any(filter => Subjects.Overlap(taken, filter))))
            {
                throw ApiErrors.WorkQueueNotUnique(operation, isFiltered);
            }
        }

        if (config.DeliverPolicy != DeliverPolicy.All)
        {
            throw ApiErrors.WorkQueueNeedsAll(operation);
        }
    }

    public static void CheckUpdate(string operation, ConsumerConfig before, ConsumerConfig after)
    {
        Require(operation, before.DeliverPolicy == after.DeliverPolicy, "deliver policy can not be updated");
        Require(operation, before.StartSequence == after.StartSequence, "start sequence can not be updated");
        Require(operation, before.AckPolicy == after.AckPolicy, "ack policy can not be updated");
        Require(operation, before.MaxWaiting == after.MaxWaiting, "max waiting can not be updated");
    }

    public static bool AreSame(ConsumerConfig left, ConsumerConfig right) =>
        left.FilterSubjects.SequenceEqual(right.FilterSubjects)
        && left.BackOff.SequenceEqual(right.BackOff)
        && left with { FilterSubjects = default, BackOff = default } == right with { FilterSubjects = default, BackOff = default };

    public static ImmutableArray<string> FiltersOf(ConsumerConfig config) => config.FilterSubjects.IsEmpty ? [">"] : config.FilterSubjects;

    private static void CheckFilters(string operation, ConsumerConfig config, ModelStream stream, Version version)
    {
        if (config.FilterSubjects.Length > 1 && version < SeveralFilters)
        {
            throw ApiErrors.SeveralFilters(operation, version);
        }

        if (config.DeliverPolicy == DeliverPolicy.LastPerSubject && config.FilterSubjects.IsEmpty)
        {
            throw ApiErrors.LastPerSubjectNeedsFilter(operation);
        }

        for (int i = 0; i < config.FilterSubjects.Length; i++)
        {
            string filter = config.FilterSubjects[i];
            if (config.FilterSubjects.Take(i).Any(other => Subjects.Overlap(filter, other)))
            {
                throw ApiErrors.FiltersOverlap(operation);
            }

            if (version < TakesAnyFilter && !stream.Config.Subjects.Any(subject => Subjects.IsWithin(filter, subject) || Subjects.IsWithin(subject, filter)))
            {
                throw ApiErrors.FilterNotOfStream(operation);
            }
        }
    }

    private static void Require(string operation, bool holds, string problem)
    {
        if (!holds)
        {
            throw ApiErrors.InvalidConsumer(operation, problem);
        }
    }
}
