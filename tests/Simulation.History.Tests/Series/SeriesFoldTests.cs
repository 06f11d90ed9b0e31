namespace Simulation.History.Tests;

public sealed class SeriesFoldTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly double[] Percents = [50, 90, 99, 99.9];

    private readonly MemoryHistoryStore _store = new("run");
    private readonly Dictionary<string, HistoryWriter> _writers = [];

    public void Dispose()
    {
        foreach (HistoryWriter writer in _writers.Values)
        {
            writer.Dispose();
        }
    }

    /// <summary>What the report shows, against what a few lines find in the records themselves.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentiles_OfEachSecond_AreThoseOfTheRawHistoryWithinTheStatedError(int seed)
    {
        Dictionary<long, List<long>> publish = [], endToEnd = [];
        SendAtRandom(new Random(seed), publish, endToEnd);
        int compared = 0;
        foreach (Row row in Read())
        {
            AssertAre(publish.GetValueOrDefault(row.Second, []), row.Publish);
            AssertAre(endToEnd.GetValueOrDefault(row.Second, []), row.EndToEnd);
            compared += row.Publish.Length + row.EndToEnd.Length;
        }

        Assert.True(compared > 0);
    }

    [Fact]
    public void Counts_OfAllSeconds_AreThoseOfTheVerdict()
    {
        SendAtRandom(new Random(7), [], []);
        List<Row> rows = Read();
        Verdict verdict = Checker.Check(_store);
        Assert.Equal(verdict.Sent, rows.Sum(row => row.Sent));
        Assert.Equal(verdict.Received, rows.Sum(row => row.Received));
        Assert.Equal(verdict.Sent - verdict.Received, rows[^1].Lag);
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(i => rows[0].Second + i), rows.Select(row => row.Second));
    }

    [Fact]
    public void Scope_FaultAndItsRecovery_AreToldApart()
    {
        HistoryWriter coordinator = Of("coordinator"), chaos = Of("chaos");
        coordinator.PhaseChanged(At(0), RunPhase.Starting);
        coordinator.PhaseChanged(At(2), RunPhase.Running);
        chaos.FaultStarted(At(4.5), 1, "worker_crash (worker-1)");
        chaos.FaultEnded(At(6.5), 1);
        chaos.FaultRecovered(At(7), 1, RecoveryStage.Publishing, TimeSpan.FromSeconds(2));
        chaos.FaultRecovered(At(7), 1, RecoveryStage.Ownership, TimeSpan.FromSeconds(2));
        chaos.FaultRecovered(At(8.5), 1, RecoveryStage.Backlog, TimeSpan.FromSeconds(4));
        coordinator.PhaseChanged(At(10), RunPhase.Draining);
        coordinator.PhaseChanged(At(11.5), RunPhase.Finished);
        coordinator.Heartbeat(At(12));
        Assert.Equal(
            [
                RunScope.Outside, RunScope.Outside, RunScope.Steady, RunScope.Steady, RunScope.DuringFault, RunScope.DuringFault, RunScope.DuringFault,
                RunScope.Recovery, RunScope.Recovery, RunScope.Steady, RunScope.Steady, RunScope.Draining, RunScope.Outside,
            ],
            Read().Select(row => row.Scope));
    }

    /// <summary>Latency counts from when a message was due: what is published late after a fault is the fault's doing. Before any, it is the run's own.</summary>
    [Fact]
    public void Scope_ProducerCatchesUpAfterAFault_IsRecovery()
    {
        HistoryWriter coordinator = Of("coordinator"), chaos = Of("chaos"), producer = Of("producer");
        long sequence = 0;
        void Publish(double at, double late, int attempt = 1) =>
            producer.Intent(At(at), new MessageId(0, ++sequence), sequence, At(at - late), attempt, 0, 0);

        coordinator.PhaseChanged(At(0), RunPhase.Running);
        Publish(0.5, late: 5);
        chaos.FaultStarted(At(1.1), 1, "nats_disconnect (producer-0)");
        chaos.FaultEnded(At(1.5), 1);
        Publish(1.6, late: 0);
        foreach (RecoveryStage stage in Enum.GetValues<RecoveryStage>())
        {
            chaos.FaultRecovered(At(1.7), 1, stage, TimeSpan.FromSeconds(0.6));
        }

        Publish(2.5, late: 0.9);
        Publish(3.5, late: 30);
        Publish(4.5, late: 30, attempt: 2);
        Publish(5.5, late: 0);
        coordinator.PhaseChanged(At(6), RunPhase.Finished);
        Assert.Equal(
            [RunScope.Steady, RunScope.DuringFault, RunScope.Steady, RunScope.Recovery, RunScope.Steady, RunScope.Steady],
            Read().Select(row => row.Scope).Take(6));
    }

    [Fact]
    public void Scope_TimeInWhichTheRunWasDead_IsOutside()
    {
        HistoryWriter coordinator = Of("coordinator");
        coordinator.PhaseChanged(At(0), RunPhase.Running);
        coordinator.Started(At(4.5), 2);
        coordinator.PhaseChanged(At(4.6), RunPhase.Starting);
        coordinator.PhaseChanged(At(6), RunPhase.Running);
        coordinator.Heartbeat(At(7));
        Assert.Equal(
            [RunScope.Steady, RunScope.Outside, RunScope.Outside, RunScope.Outside, RunScope.Steady, RunScope.Outside, RunScope.Steady, RunScope.Steady],
            Read().Select(row => row.Scope));
    }

    [Fact]
    public void Ownership_OneWorkerAfterAnother_IsAMoveForEachPartition()
    {
        HistoryWriter one = Of("worker-1"), other = Of("worker-2");
        one.OwnershipStarted(At(0), 1, 1);
        one.OwnershipStarted(At(0), 2, 1);
        one.OwnershipEnded(At(1), 1, 1);
        other.OwnershipStarted(At(2), 1, 2);
        other.OwnershipStarted(At(3), 2, 2); // The first was killed and never said that it ended.
        one.OwnershipEnded(At(4), 2, 1);     // Too late to matter.
        other.OwnershipStarted(At(5), 1, 3); // Again its own: no move.
        List<Row> rows = Read();
        Assert.Equal([0, 0, 1, 1, 0, 0], rows.Select(row => row.Moved));
        Assert.Equal([1, 1, 2, 1, 1, 1], rows.Select(row => row.Workers));
        Assert.Equal([2, 1, 2, 2, 2, 2], rows.Select(row => row.Owned));
    }

    [Fact]
    public void Gaps_AHoleThatHeals_IsPendingUntilThenAndGrowsOld()
    {
        HistoryWriter producer = Of("producer"), worker = Of("worker-1");
        for (int sequence = 0; sequence < 3; sequence++)
        {
            producer.Intent(At(0), new MessageId(4, sequence), sequence, At(0), 1, 128, 7);
        }

        worker.Delivered(At(0.5), new MessageId(4, 0), 1, 1, 1, At(0), MessageFaults.None);
        worker.Delivered(At(1), new MessageId(4, 2), 3, 2, 1, At(0), MessageFaults.None);
        worker.Heartbeat(At(2.5));
        worker.Delivered(At(3), new MessageId(4, 1), 2, 3, 2, At(0), MessageFaults.None);
        List<Row> rows = Read();
        Assert.Equal([0, 1, 1, 0], rows.Select(row => row.Gaps));
        Assert.Equal([0, 1, 2, 0], rows.Select(row => row.OldestGap.TotalSeconds));
    }

    private static void AssertAre(List<long> raw, long[] percentiles)
    {
        if (raw.Count == 0)
        {
            Assert.Empty(percentiles);
            return;
        }

        raw.Sort();
        for (int i = 0; i < Percents.Length; i++)
        {
            long truth = raw[Math.Max(0, (int)Math.Ceiling(raw.Count * Percents[i] / 100) - 1)];
            Assert.InRange(percentiles[i], truth, truth * (1 + LatencyHistogram.RelativeError));
        }

        Assert.Equal(raw[^1], percentiles[^1]);
    }

    private void SendAtRandom(Random dice, Dictionary<long, List<long>> publish, Dictionary<long, List<long>> endToEnd)
    {
        ulong stored = 0;
        var events = new List<(long Time, Action<DateTimeOffset> Write)>();
        for (int sequence = 0; sequence < 2000; sequence++)
        {
            var message = new MessageId(dice.Next(5), sequence);
            ulong place = ++stored;
            long intended = dice.Next(20_000_000);
            long sent = intended + dice.Next(1000);
            long acknowledged = sent + (long)Math.Exp(dice.NextDouble() * 14);
            long delivered = sent + (long)Math.Exp(dice.NextDouble() * 14);
            HistoryWriter producer = Of($"producer-{message.Partition}"), worker = Of($"worker-{message.Partition}");
            events.Add((sent, now => producer.Intent(now, message, message.Sequence, At(intended / 1e6), 1, 128, 7)));
            events.Add((acknowledged, now => producer.Acknowledged(now, message, place, duplicate: false)));
            events.Add((delivered, now => worker.Delivered(now, message, place, place, 1, At(intended / 1e6), MessageFaults.None)));
            events.Add((delivered + 500, now => worker.Processed(now, message, place, 1)));
            Note(publish, acknowledged, acknowledged - sent);
            Note(endToEnd, delivered, delivered - intended);
        }

        foreach ((long time, Action<DateTimeOffset> write) in events.OrderBy(one => one.Time))
        {
            write(At(time / 1e6));
        }
    }

    private static void Note(Dictionary<long, List<long>> latencies, long time, long latency)
    {
        long second = UnixMicroseconds.From(At(time / 1e6)) / 1_000_000;
        latencies.TryAdd(second, []);
        latencies[second].Add(latency);
    }

    private List<Row> Read()
    {
        var rows = new List<Row>();
        var series = new SeriesFold(second => rows.Add(Row.Of(second)));
        using var tail = new LiveTail(_store, series);
        tail.Finish();
        series.Close();
        return rows;
    }

    private HistoryWriter Of(string participant)
    {
        if (!_writers.TryGetValue(participant, out HistoryWriter? writer))
        {
            _writers.Add(participant, writer = _store.Create(participant, ParticipantKind.Other));
        }

        return writer;
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));

    /// <summary>A second, kept.</summary>
    private sealed record Row(
        long Second, RunScope Scope, int Sent, int Received, long Lag, long Gaps, TimeSpan OldestGap, int Workers, int Owned, int Moved, long[] Publish, long[] EndToEnd)
    {
        public static Row Of(RunSecond second) => new(
            second.UnixSeconds, second.Scope, second.Sent, second.Received, second.Lag, second.GapsPending, second.OldestGap, second.Workers,
            second.PartitionsOwned, second.PartitionsMoved, Latencies(second.PublishLatency), Latencies(second.EndToEndLatency));

        private static long[] Latencies(LatencyHistogram histogram)
        {
            if (histogram.Count == 0)
            {
                return [];
            }

            var at = new long[Percents.Length];
            histogram.Percentiles(Percents, at);
            Assert.Equal(Percents.Select(percent => (long)histogram.Percentile(percent).TotalMicroseconds), at);
            return [.. at, histogram.MaxMicroseconds];
        }
    }
}
