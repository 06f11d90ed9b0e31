using System.Globalization;
using Simulation.Actors;
using Simulation.Benchmarks.Virtual;
using Simulation.History;
using Simulation.Host.Checkpoints;
using Simulation.Host.Run;
using Simulation.Host.Telemetry;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.Persistence;

namespace Simulation.Benchmarks.Harness;

/// <summary>
/// What a checkpoint every second costs a run at full rate. Runs differ from each other by more than that, so it is found out inside of them: blocks of
/// a few seconds with a checkpoint in each second and blocks without take turns in pairs whose order is drawn, and what counts is the ratios of the pairs.
/// </summary>
internal static class CheckpointBenchmark
{
    private const int SecondsOfBlock = 4;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int runs)
    {
        NatsServerBinary binary = await new NatsServerLocator().LocateAsync(RequestedVersion.Parse("2.15"), new Progress<string>());
        Console.WriteLine($"server {binary.Version}, {FullRate.Partitions} partitions, {FullRate.Producers} producers, {FullRate.Workers} workers, "
            + $"{runs} runs of {Duration.TotalMinutes:0} min in pairs of blocks of {SecondsOfBlock} s with a checkpoint a second and without");
        var order = new Random(7);
        var blocks = new List<Block>();
        for (int number = 1; number <= runs; number++)
        {
            Block[] ofRun = await HarnessBenchmark.WithServerAsync(binary, (server, folder) => MeasureAsync(server, folder, order));
            Print($"run {number}", ofRun);
            blocks.AddRange(ofRun);
        }

        Print("all", blocks);
        return 0;
    }

    private static async Task<Block[]> MeasureAsync(EmbeddedNatsServer server, string folder, Random order)
    {
        RunOptions run = FullRate.Run(Duration);
        await using ActorSystem system = ActorSystem.Create("benchmark", Dispatchers.Real(), run.Seed);
        using var connector = new NatsConnector(new NatsOptions { Url = server.Url, PublishTimeout = run.Publishing.Timeout }, system);
        var history = new FileHistoryStore(Path.Combine(folder, RunHistory.FolderName), run.RunId);
        await using SqlStore store = SqlStore.At(Path.Combine(folder, "checkpoints.db"));
        await using ActorSystem ofKeeper = ActorSystem.Create("checkpoints", Dispatchers.Real(), run.Seed);
        var taken = new Taken();
        var options = new KeeperOptions(run.RunId, TimeSpan.FromHours(1), (_, failure) => taken.Failure = failure, taken);
        IActorRef keeper = ofKeeper.ActorOf(KeeperHome.Props(options, new PersistenceServices(store, store, Stored.Types)), "keeper");
        var services = new RunServices(connector, history, new RunWatch(new NoTelemetry(), new JournalTap(keeper)));
        IActorRef coordinator = system.ActorOf(Coordinator.Props(run, FullRate.Topology, services), Coordinator.Name);
        keeper.Tell(new Conduct(coordinator));
        Task<RunOutcome> ending = system.AskAsync<RunOutcome>(coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);

        await Task.Delay(WarmUp);
        Block[] blocks = await TakeTurnsAsync(keeper, server.ProcessId, Duration - (2 * WarmUp), order);
        int asked = blocks.Count(block => block.HasCheckpoints) * SecondsOfBlock;
        RunOutcome outcome = await ending;
        Verdict verdict = outcome.Judgement?.Verdict ?? throw new InvalidOperationException("The run could not be run.", outcome.Failure);
        if (verdict.Outcome != VerdictOutcome.Passed || taken.Failure is not null || taken.Count < asked)
        {
            throw new InvalidOperationException($"{verdict.Outcome}, {taken.Count} checkpoints of {asked}: {verdict.Summary} {string.Join(" ", verdict.Doubts)}", taken.Failure);
        }

        Count(history, blocks);
        return blocks;
    }

    private static async Task<Block[]> TakeTurnsAsync(IActorRef keeper, int serverProcessId, TimeSpan time, Random order)
    {
        var blocks = new List<Block>();
        DateTimeOffset next = DateTimeOffset.UtcNow;
        DateTimeOffset end = next + time;
        while (next < end)
        {
            bool first = order.Next(2) == 0;
            foreach (bool hasCheckpoints in (bool[])[first, !first])
            {
                var block = new Block(hasCheckpoints, UnixMicroseconds.From(DateTimeOffset.UtcNow));
                Meter begin = Meter.Read(serverProcessId);
                for (int second = 0; second < SecondsOfBlock; second++)
                {
                    if (hasCheckpoints)
                    {
                        keeper.Tell(new TakeCheckpoint());
                    }

                    next += TimeSpan.FromSeconds(1);
                    TimeSpan left = next - DateTimeOffset.UtcNow;
                    await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                }

                block.Until = UnixMicroseconds.From(DateTimeOffset.UtcNow);
                block.Used = Meter.Read(serverProcessId) - begin;
                blocks.Add(block);
            }
        }

        return [.. blocks];
    }

    /// <summary>From the logs: what was acknowledged in each block.</summary>
    private static void Count(IHistoryStore history, Block[] blocks)
    {
        foreach (string worker in history.Participants().Where(name => name.StartsWith("worker", StringComparison.Ordinal)))
        {
            using HistoryReader log = history.Read(worker);
            int at = 0;
            while (log.TryRead(out HistoryRecord record) && at < blocks.Length)
            {
                while (at < blocks.Length && record.Time >= blocks[at].Until)
                {
                    at++;
                }

                if (at < blocks.Length && record.Type == RecordType.AckSent && record.Time >= blocks[at].From)
                {
                    blocks[at].Messages++;
                }
            }
        }
    }

    private static void Print(string what, IReadOnlyCollection<Block> blocks)
    {
        (Block With, Block Without)[] pairs = [.. blocks.Chunk(2).Select(pair => pair[0].HasCheckpoints ? (pair[0], pair[1]) : (pair[1], pair[0]))];
        (double rates, double error) = MeanOf(pairs.Select(pair => Math.Log(pair.With.Rate / pair.Without.Rate)));
        (double cost, double costError) = MeanOf(pairs.Select(pair => (pair.With.Used.Ours - pair.Without.Used.Ours).TotalMilliseconds / SecondsOfBlock));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {pairs.Length} pairs; {blocks.Average(block => block.Rate):N0} messages a second; with checkpoints / without: {Math.Exp(rates):0.0000}, standard error {error:0.0000}; "
            + $"processor time a checkpoint: {cost:0.0} ms, standard error {costError:0.0}; cores busy: {Busy(used => used.Ours):0.00} here, {Busy(used => used.Server):0.00} in the server"));

        double Busy(Func<Meter, TimeSpan> used) => blocks.Sum(block => used(block.Used).TotalSeconds) / blocks.Sum(block => block.Used.Wall.TotalSeconds);
    }

    private static (double Mean, double Error) MeanOf(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return (mean, Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1) / all.Length));
    }

    private sealed class Block(bool hasCheckpoints, long from)
    {
        public bool HasCheckpoints => hasCheckpoints;

        public long From => from;

        public long Until { get; set; }

        public Meter Used { get; set; }

        public long Messages { get; set; }

        public double Rate => Messages / TimeSpan.FromMicroseconds(Until - From).TotalSeconds;
    }

    private sealed class Taken : ICheckpointTelemetry
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Exception? Failure { get; set; }

        public void CheckpointTaken(TimeSpan took, long bytes) => Interlocked.Increment(ref _count);

        public void CheckpointFailed() => Failure = new InvalidOperationException("A checkpoint could not be taken.");
    }
}
