using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Simulation.History.Tests.Verdicts;

namespace Simulation.History.Tests.Compacting;

public sealed class CompactionTests
{
    private const int Partitions = 3;

    [Fact]
    public void Check_AnyHistoryCompactedAtAnyMoments_GivesTheVerdictOfTheWholeOne() => Prop.ForAll(
        RandomHistory.Arbitrary, Gen.Choose(0, 3).ArrayOf(40).ToArbitrary(), (history, moments) =>
    {
        var whole = new MemoryHistoryStore("run");
        RandomHistory.Tell(history.Happenings, history.Promise, whole);

        var store = new MemoryHistoryStore("run");
        var compaction = new Compaction(store);
        int step = 0;
        RandomHistory.Tell(history.Happenings, history.Promise, store, now =>
        {
            int choice = moments[step++ % moments.Length];
            if (choice > 0)
            {
                compaction.Advance(now - TimeSpan.FromMicroseconds(choice - 1));
            }
        });
        AssertSameVerdict(Checker.Check(whole), Checker.Check(store));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(50));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Advance_LongHistory_TakesSegmentsAwayAndChangesNothingThatIsKnown(int seed)
    {
        MemoryHistoryStore whole = Tell(seed, messages: 1_200, compactEvery: null, lose: []);
        MemoryHistoryStore store = Tell(seed, messages: 1_200, compactEvery: 80, lose: []);

        Assert.True(store.ReadBeside(HistoryBase.FileName) is not null);
        Assert.False(HasSegment(store, "producer", 1), "the first segment is still there");
        Verdict verdict = Checker.Check(store);
        Assert.Equal(VerdictOutcome.Passed, verdict.Outcome);
        Assert.True(verdict.Compacted!.Count > 500, $"{verdict.Compacted.Count} records were compacted");
        AssertSameVerdict(Checker.Check(whole), verdict);
        Assert.Equal(Seconds(whole), Seconds(store));
    }

    /// <summary>One is lost before anything is compacted, one after: each is found, with everything that was recorded of it.</summary>
    [Theory]
    [InlineData(700)]
    [InlineData(1_150)]
    public void Check_LossBeforeOrAfterCompaction_IsFoundWithAllItsRecords(int lost)
    {
        MemoryHistoryStore whole = Tell(1, messages: 1_200, compactEvery: null, lose: [lost]);
        MemoryHistoryStore store = Tell(1, messages: 1_200, compactEvery: 80, lose: [lost]);

        Verdict verdict = Checker.Check(store);
        Assert.Equal(VerdictOutcome.Violated, verdict.Outcome);
        Assert.NotNull(verdict.Compacted);
        Assert.Equal(1, verdict.Count(VerdictClass.Lost));
        Assert.Equal(Checker.Check(whole).Evidence.Select(evidence => evidence.ToString()), verdict.Evidence.Select(evidence => evidence.ToString()));
        Assert.Equal([RecordType.Intent, RecordType.Acknowledged], verdict.Evidence.Single().Records.Select(record => record.Record.Type));
    }

    [Fact]
    public void Advance_RunInWhichSomethingIsWrong_TakesNothingAway()
    {
        var store = new MemoryHistoryStore("run");
        using var story = new Story(store);
        var compaction = new Compaction(store);
        story.Promise(new Guarantees { EffectivelyOnce = true }).Through(Story.M(1, 1)).Worked(Story.M(1, 1), 1, count: 2);
        for (int i = 2; i < 500; i++)
        {
            story.Through(Story.M(1, i));
            compaction.Advance(story.Now);
        }

        Assert.Null(store.ReadBeside(HistoryBase.FileName));
        Assert.True(HasSegment(store, "producer", 1));
    }

    [Fact]
    public void Open_ParticipantWhoseLogWasCompacted_KnowsWhatItKnew()
    {
        MemoryHistoryStore whole = Tell(1, messages: 1_200, compactEvery: null, lose: []);
        MemoryHistoryStore store = Tell(1, messages: 1_200, compactEvery: 80, lose: []);
        Assert.Equal(Memory(whole), Memory(store));

        static string Memory(IHistoryStore history)
        {
            using ParticipantLog log = ParticipantLog.Open(history, "producer")!;
            var intended = log.Digest.Intended.ToDictionary();
            (int started, long sequence) = (log.Digest.Incarnations, log.Digest.ProducerSequence);
            while (log.Reader.TryRead(out HistoryRecord record))
            {
                started += record.Type == RecordType.Started ? 1 : 0;
                if (record.Type == RecordType.Intent)
                {
                    intended[record.Partition] = record.Sequence;
                    sequence = Math.Max(sequence, record.B);
                }
            }

            return $"{started} {sequence} {string.Join(' ', intended.OrderBy(one => one.Key))}";
        }
    }

    [Fact]
    public void Check_BaseThatIsDamagedOrGone_IsInconclusiveAndSaysSo()
    {
        MemoryHistoryStore store = Tell(1, messages: 1_200, compactEvery: 80, lose: []);
        byte[] whole = store.ReadBeside(HistoryBase.FileName)!;
        byte[] damaged = [.. whole];
        damaged[^1] ^= 1;
        foreach (byte[] other in (byte[][])[damaged, whole[..^1], []])
        {
            store.WriteBeside(HistoryBase.FileName, other);
            Verdict verdict = Checker.Check(store);
            Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
            Assert.Contains(verdict.Doubts, doubt => doubt.Text.Contains(HistoryBase.FileName, StringComparison.Ordinal));
            Assert.Throws<InvalidDataException>(() => ParticipantLog.Open(store, "producer"));
        }

        store.WriteBeside(HistoryBase.FileName, whole);
        Assert.Equal(VerdictOutcome.Passed, Checker.Check(store).Outcome);
        store.AppendBeside(SecondsFile.Name, 100, [1]);
        Assert.Throws<InvalidDataException>(() => Seconds(store));
    }

    [Fact]
    public void From_SnapshotOfBeforeTheBase_IsRefused()
    {
        var store = new MemoryHistoryStore("run");
        using var story = new Story(store);
        var compaction = new Compaction(store);
        story.Through(Story.M(1, 1));
        using var tail = new LiveTail(store);
        tail.Advance(story.Now + TimeSpan.FromSeconds(1));
        FoldSnapshot early = tail.Snapshot();
        for (int i = 2; i < 20; i++)
        {
            story.Through(Story.M(1, i));
            compaction.Advance(story.Now);
        }

        Assert.Contains("compacted beyond it", Assert.Throws<InvalidDataException>(() => LiveTail.From(early, store)).Message);
    }

    /// <summary>What somebody wrote down so late that its place was folded away already cannot be put into its order.</summary>
    [Fact]
    public void Check_RecordOfBeforeTheBase_LeavesADoubt()
    {
        MemoryHistoryStore store = Tell(1, messages: 1_200, compactEvery: 80, lose: []);
        using (HistoryWriter late = store.Create("worker-9", ParticipantKind.Worker))
        {
            late.Heartbeat(DateTimeOffset.UnixEpoch);
        }

        Verdict verdict = Checker.Check(store);
        Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
        Assert.Contains(verdict.Doubts, doubt => doubt.Text.Contains("order is not known", StringComparison.Ordinal));
    }

    [Fact]
    public void Advance_AnotherCompactionGoesOn_EndsTheSame()
    {
        MemoryHistoryStore whole = Tell(2, messages: 1_200, compactEvery: null, lose: []);
        MemoryHistoryStore store = Tell(2, messages: 1_200, compactEvery: 60, lose: [], restartEvery: 4);
        AssertSameVerdict(Checker.Check(whole), Checker.Check(store));
        Assert.Equal(Seconds(whole), Seconds(store));
        Assert.False(HasSegment(store, "producer", 1));
    }

    /// <summary>Messages go through, some delivered late, twice or out of order, with faults and owners that change.</summary>
    private static MemoryHistoryStore Tell(int seed, int messages, int? compactEvery, int[] lose, int restartEvery = int.MaxValue)
    {
        var random = new Random(seed);
        var store = new MemoryHistoryStore("run");
        using var story = new Story(store);
        var compaction = new Compaction(store);
        story["coordinator"].Started(story.Now, 1);
        story["coordinator"].PhaseChanged(story.Now, RunPhase.Running);
        story["producer"].Started(story.Now, 1);
        long[] sequences = new long[Partitions];
        int compacted = 0;
        for (int i = 1; i <= messages; i++)
        {
            int partition = random.Next(Partitions);
            MessageId message = Story.M(partition, ++sequences[partition]);
            if (lose.Contains(i))
            {
                story.Sent(message);
            }
            else if (random.Next(10) is var choice && choice == 0)
            {
                story.Intent(message).Unknown(message).Through(message);
            }
            else
            {
                story.Through(message);
            }

            if (random.Next(50) == 0)
            {
                story.Owns($"worker-{random.Next(3)}", partition, i);
                story["chaos"].FaultStarted(story.Now, i, "worker_crash (worker-1)");
                story["chaos"].FaultBit(story.Now, i, "it died");
                story["chaos"].FaultEnded(story.Now, i);
            }

            if (compactEvery is { } every && i % every == 0)
            {
                compaction.Advance(story.Now - TimeSpan.FromSeconds(20));
                if (++compacted % restartEvery == 0)
                {
                    compaction = new Compaction(store);
                }
            }
        }

        story["coordinator"].DrainFinished(story.Now);
        story["coordinator"].FinalReadCompleted(story.Now, 1, 1, 0);
        return store;
    }

    private static bool HasSegment(IHistoryStore store, string participant, int number)
    {
        using HistoryReader reader = store.Read(participant);
        return reader.TryRead(out _) == (number == 1);
    }

    private static string Seconds(IHistoryStore store)
    {
        var rows = new List<string>();
        var series = new SeriesFold(second => rows.Add(JsonSerializer.Serialize(second)
            + string.Join(' ', second.PublishLatency.Buckets()) + string.Join(' ', second.EndToEndLatency.Buckets())));
        series.GoOnFrom(store);
        using var tail = new LiveTail(store, series);
        tail.Finish();
        series.Close();
        return string.Join('\n', rows) + JsonSerializer.Serialize(series.Partitions);
    }

    private static void AssertSameVerdict(Verdict expected, Verdict actual)
    {
        Assert.Equal(WithoutEvidence(expected), WithoutEvidence(actual));

        static string WithoutEvidence(Verdict verdict) => JsonSerializer.Serialize(verdict with { Evidence = [], Compacted = null });
    }
}
