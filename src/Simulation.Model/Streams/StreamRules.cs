using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>What a server makes of a stream's configuration, and what it refuses.</summary>
internal static class StreamRules
{
    private static readonly TimeSpan DefaultDuplicateWindow = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(100);

    public static StreamConfig Complete(string operation, StreamConfig asked, int servers)
    {
        StreamConfig config = asked with
        {
            Subjects = asked.Subjects.IsDefaultOrEmpty ? [asked.Name] : asked.Subjects,
            MaxMessages = OrUnlimited(asked.MaxMessages),
            MaxBytes = OrUnlimited(asked.MaxBytes),
            MaxMessagesPerSubject = OrUnlimited(asked.MaxMessagesPerSubject),
            MaxMessageSize = (int)OrUnlimited(asked.MaxMessageSize),
            MaxConsumers = (int)OrUnlimited(asked.MaxConsumers),
            DuplicateWindow = asked.DuplicateWindow > TimeSpan.Zero ? asked.DuplicateWindow
                : asked.MaxAge > TimeSpan.Zero && asked.MaxAge < DefaultDuplicateWindow ? asked.MaxAge
                : DefaultDuplicateWindow,
        };
        Check(operation, config, servers);
        return config;
    }

    public static void CheckUpdate(string operation, StreamConfig before, StreamConfig after)
    {
        Require(operation, before.Storage == after.Storage, "stream configuration update can not change storage type");
        Require(operation, before.MaxConsumers == after.MaxConsumers, "stream configuration update can not change MaxConsumers");
        Require(
            operation,
            before.Retention == after.Retention || (before.Retention != RetentionPolicy.WorkQueue && after.Retention != RetentionPolicy.WorkQueue),
            "stream configuration update can not change retention policy to/from workqueue");
        Require(operation, after.DenyDelete || !before.DenyDelete, "stream configuration update can not cancel deny message deletes");
    }

    public static bool AreSame(StreamConfig left, StreamConfig right) =>
        left.Subjects.SequenceEqual(right.Subjects) && left with { Subjects = default } == right with { Subjects = default };

    private static void Check(string operation, StreamConfig config, int servers)
    {
        if (config.Replicas > servers)
        {
            throw servers == 1 ? ApiErrors.NotClustered(operation) : ApiErrors.NoPeers(operation);
        }

        Require(operation, config.MaxAge == TimeSpan.Zero || config.MaxAge >= ShortestTime, "max age needs to be >= 100ms");
        Require(operation, config.DuplicateWindow >= ShortestTime, "duplicates window needs to be >= 100ms");
        Require(
            operation,
            config.MaxAge == TimeSpan.Zero || config.DuplicateWindow <= config.MaxAge,
            "duplicates window can not be larger then max age");
        for (int i = 0; i < config.Subjects.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Require(operation, !Subjects.Overlap(config.Subjects[i], config.Subjects[j]), "duplicate subjects detected");
            }
        }
    }

    private static void Require(string operation, bool holds, string problem)
    {
        if (!holds)
        {
            throw ApiErrors.InvalidStream(operation, problem);
        }
    }

    private static long OrUnlimited(long limit) => limit == 0 ? -1 : limit;
}
