using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using static Simulation.Chaos.TargetChoice;

namespace Simulation.Chaos;

/// <summary>Every kind of fault: what it does, to whom, and within which bounds. docs/faults.md is written from it.</summary>
public static class FaultCatalogue
{
    private const string DownFor = "How long it is away.";
    private const string Felt = "A worker that owns no partition cannot feel it: the next one that owns some takes its place. Its time counts from the first "
        + "message that feels it, which is waited for as long as it would last, and five minutes at least.";
    private const string Lasting = "How long it lasts.";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>In the order of <see cref="FaultKind"/>.</summary>
    public static readonly ImmutableArray<FaultEntry> All =
    [
        new()
        {
            Kind = FaultKind.WorkerCrash, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Ends a worker without a good-bye: no clean-up, its connection cut, its leases left to run out. It comes back under its name, or is replaced.",
            Proof = "the worker is gone",
            Parameters = [Away("1-30s"), new FlagParameter(FaultEntry.Replaced, "Whether a new worker, under a number that nobody has had, comes instead of it. Not for `leader`.")],
        },
        new()
        {
            Kind = FaultKind.ProducerCrash, Targets = TargetKind.Producer, Choices = [One, Some, TargetChoice.All],
            Does = "Ends a producer without a good-bye. Its successor learns from its log what it meant to send and what became of it.",
            Proof = "the producer is gone",
            Parameters = [Away("0-10s")],
        },
        new()
        {
            Kind = FaultKind.WorkerRestart, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Stops a worker in order: it hands over what it owns and leaves the group. It comes back under its name.",
            Proof = "the worker left, and came back",
        },
        new()
        {
            Kind = FaultKind.ScaleUp,
            Does = "Starts workers beside those that are there, up to chaos.max_workers. They stay.",
            Proof = "the workers take part",
            Parameters = [By("workers")],
        },
        new()
        {
            Kind = FaultKind.ScaleDown,
            Does = "Has the workers with the highest numbers leave, down to chaos.min_workers. They stay away.",
            Proof = "the workers left",
            Parameters = [By("workers")],
        },
        new()
        {
            Kind = FaultKind.LeaderFailure, Targets = TargetKind.Worker, Choices = [Leader],
            Does = "Crashes the worker that leads the group, as the lease says at that moment. It comes back under its name.",
            Proof = "the leading worker is gone",
            Parameters = [Away("1-30s")],
        },
        new()
        {
            Kind = FaultKind.WorkerPause, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Stops a worker in the middle of what it does. Longer than its lease lasts, and it wakes as the owner of what others own by then.",
            Proof = "it did nothing meanwhile, and woke",
            Parameters = [Last("5-60s")],
        },
        new()
        {
            Kind = FaultKind.SlowConsumer, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Has a worker take longer over each message. " + Felt,
            Proof = "messages that took so much longer",
            Parameters = [Last("30s-5m"), new NumberParameter("factor", "How much longer: a multiple of workers.processing_delay.", 1, 1000, "3-10")],
        },
        new()
        {
            Kind = FaultKind.PartitionChanges,
            Does = "Adds partitions while messages flow, up to chaos.max_partitions, or retires those with the highest numbers, down to "
                + "chaos.min_partitions. What is added gets a consumer and an owner before its first message, and brings its load with it. To what is "
                + "retired nothing new is sent; it keeps its owner, so that everything in it is processed, and goes on with its numbers when it is added again.",
            Proof = "every producer sends to the new number of partitions",
            Parameters = [By("partitions"), new WordParameter(FaultEntry.Change, "Which way.", FaultEntry.Add, FaultEntry.Retire)],
        },
        new()
        {
            Kind = FaultKind.NatsDisconnect, Targets = TargetKind.Participant, Choices = [One, Some, TargetChoice.All],
            Does = "Resets a participant's connection and refuses new ones.",
            Proof = "connections reset",
            Parameters = [Last("1-60s")],
        },
        new()
        {
            Kind = FaultKind.NetworkLatency, Targets = TargetKind.Participant, Choices = [One, Some, TargetChoice.All],
            Does = "Delays every byte between a participant and the servers, both ways.",
            Proof = "bytes delayed",
            Parameters =
            [
                Last("10s-2m"),
                new DurationParameter("latency", "Added one way.", TimeSpan.Zero, TimeSpan.FromMinutes(1), "10-500ms"),
                new DurationParameter("jitter", "Up to so much more, drawn anew each time.", TimeSpan.Zero, TimeSpan.FromMinutes(1), "0-100ms"),
            ],
        },
        new()
        {
            Kind = FaultKind.NetworkBandwidth, Targets = TargetKind.Participant, Choices = [One, Some, TargetChoice.All],
            Does = "Narrows the line between a participant and the servers, each way.",
            Proof = "bytes held back",
            Parameters = [Last("10s-2m"), new CountParameter("kilobytes_per_second", "What gets through each way.", 1, 1_000_000, "8-256")],
        },
        new()
        {
            Kind = FaultKind.NetworkPartition, Targets = TargetKind.ParticipantOrServer, Choices = [One],
            Does = "Cuts one participant off from the servers, or one server off from the other servers, without closing a connection.",
            Proof = "bytes held back",
            Parameters = [Last("5-60s")],
        },
        new()
        {
            Kind = FaultKind.HalfOpen, Targets = TargetKind.Participant, Choices = [One, Some, TargetChoice.All],
            Does = "Bytes vanish while the sockets stay open, as behind a firewall that forgot the connection. Such connections are reset at the end.",
            Proof = "bytes swallowed",
            Parameters = [Last("5-60s")],
        },
        new()
        {
            Kind = FaultKind.ServerKill, Targets = TargetKind.Server, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Ends a server with SIGKILL and starts it again from its store.",
            Proof = "the process ended by the signal, and another one answers",
            Parameters = [Away("1-30s")],
        },
        new()
        {
            Kind = FaultKind.ServerPause, Targets = TargetKind.Server, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Stops a server with SIGSTOP and lets it go on with SIGCONT.",
            Proof = "the process was stopped",
            Parameters = [Last("1-30s")],
        },
        new()
        {
            Kind = FaultKind.ServerRestart, Targets = TargetKind.Server, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Ends a server in order, with SIGTERM, and starts it again.",
            Proof = "the process ended in order, and another one answers",
            Parameters = [Away("0-10s")],
        },
        new()
        {
            Kind = FaultKind.LeaderStepdown,
            Does = "Has the servers elect a new leader for the stream, for its consumers or for the cluster as a whole.",
            Proof = "another server leads",
            Parameters = [new WordParameter("of", "What the leader leads.", "stream", "consumers", "meta")],
        },
        new()
        {
            Kind = FaultKind.PowerLoss, Targets = TargetKind.Server, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Ends a server with SIGKILL and takes its store back to what was last synced to disk.",
            Proof = "the process ended by the signal, and the store's bytes changed",
            Parameters = [Away("1-30s")],
        },
        new()
        {
            Kind = FaultKind.StoreBitflip, Targets = TargetKind.Server, Choices = [One],
            Does = "Kills a server, flips bits in a file of its store, and starts it again.",
            Proof = "bytes changed",
            Parameters = [StoreFile(), new CountParameter("bits", "How many.", 1, 1024, "1-8"), Away("1-10s")],
        },
        new()
        {
            Kind = FaultKind.StoreTruncate, Targets = TargetKind.Server, Choices = [One],
            Does = "Kills a server, cuts the end off a file of its store, and starts it again.",
            Proof = "bytes gone",
            Parameters = [StoreFile(), Share("What is cut off, as a share of the file.", "0.1-0.9"), Away("1-10s")],
        },
        new()
        {
            Kind = FaultKind.StoreZero, Targets = TargetKind.Server, Choices = [One],
            Does = "Kills a server, overwrites part of a file of its store with zeros, and starts it again.",
            Proof = "bytes changed",
            Parameters = [StoreFile(), Share("What is overwritten, as a share of the file.", "0.01-0.2"), Away("1-10s")],
        },
        new()
        {
            Kind = FaultKind.DiskFull, Targets = TargetKind.Server, Choices = [One, TargetChoice.All],
            Does = "Leaves a server no room for what it is sent.",
            Proof = "as much stored as may be, or no byte left",
            Parameters =
            [
                Last("5-60s"),
                new WordParameter(
                    FaultEntry.Full, "What is full: the server's own limit, or the file system under its store, which takes the right to mount one.",
                    FaultEntry.Limit, [FaultEntry.Limit, FaultEntry.Disk]),
            ],
        },
        new()
        {
            Kind = FaultKind.ConsumerDelete, Targets = TargetKind.Partition, Choices = [One, Some],
            Does = "Deletes the durable consumer that carries a partition, with what it knew of what was acknowledged. It stays deleted.",
            Proof = "the server confirmed it",
        },
        new()
        {
            Kind = FaultKind.ConsumerAckLoss, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "A worker's acknowledgements do not arrive, so that what it processed is delivered again. " + Felt,
            Proof = "acknowledgements dropped",
            Parameters = [Last("5-60s")],
        },
        new()
        {
            Kind = FaultKind.KvLeaseDelete, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "Deletes a worker's lease under its feet; aimed at the leader, the lease of the leadership.",
            Proof = "the lease was there and is gone",
        },
        new()
        {
            Kind = FaultKind.KvBucketDelete,
            Does = "Deletes the worker group's own bucket: every lease, the leadership and the assignment.",
            Proof = "the server confirmed it",
        },
        new()
        {
            Kind = FaultKind.DuplicatePublish, Targets = TargetKind.Producer, Choices = [One, Some, TargetChoice.All],
            Does = "A producer sends messages again that were acknowledged, under the same identity.",
            Proof = "the server answered them",
            Parameters = [new CountParameter("messages", "How many.", 1, 10_000, "1-20")],
        },
        new()
        {
            Kind = FaultKind.ClockJump, Targets = TargetKind.Worker, Choices = [One, Some, Leader, TargetChoice.All],
            Does = "A worker's clock jumps, as far as leases go by it: its own ends early or late, and those of others seem to. Who trusts such a clock may be one of two owners.",
            Proof = "the lease was seen to end early or late",
            Parameters =
            [
                new DurationParameter("by", "How far.", TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), "1-60s"),
                new WordParameter("direction", "Which way.", "forward", "back"),
            ],
        },
    ];

    private static readonly FrozenDictionary<string, FaultEntry> ByName = All.ToFrozenDictionary(entry => entry.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Select(entry => entry.Name);

    public static FaultEntry Of(FaultKind kind) => All[(int)kind];

    public static FaultEntry? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary><see cref="FaultKind.WorkerCrash"/> is <c>worker_crash</c>.</summary>
    public static string NameOf(FaultKind kind)
    {
        var name = new StringBuilder();
        foreach (char letter in kind.ToString())
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    private static DurationParameter Away(string standard) => new(FaultEntry.For, DownFor, TimeSpan.Zero, Hour, standard);

    private static DurationParameter Last(string standard) => new(FaultEntry.For, Lasting, Moment, Hour, standard);

    private static CountParameter By(string what) => new(FaultEntry.By, $"How many {what}.", 1, 1000, "1-5");

    private static NumberParameter Share(string doc, string standard) => new("share", doc, 0.001, 1, standard);

    private static WordParameter StoreFile() => new("file", "Which file of the stream's store.", "block", "index", "consumer", "meta");
}
