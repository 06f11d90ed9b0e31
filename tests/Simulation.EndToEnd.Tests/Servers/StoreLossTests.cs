using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.Nats.Embedded;
using Simulation.TestServers;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests.Servers;

/// <summary>A real server's store is damaged while messages flow and nobody has consumed them yet: the verdict names exactly what is gone.</summary>
public sealed class StoreLossTests
{
    private const string Stream = "SIMULATION";

    /// <summary>Several blocks of 8 MiB soon fill up, and the history stays small.</summary>
    private static readonly WorkloadOptions Heavy = RunRig.SmallWorkload with
    {
        Partitions = new PartitionOptions { Count = 20, MessageRatePerPartition = 50 },
        Messages = new MessageOptions { Size = 16 << 10 },
        ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.Zero, Max = TimeSpan.Zero },
    };

    /// <summary>Three blocks, and a bit of a fourth.</summary>
    private const long EnoughForFourBlocks = 1_700;

    /// <summary>What takes the sequences that the store has lost.</summary>
    private const long EnoughToComeBehind = 500;

    [SkippableFact]
    public Task Run_OneBitFlippedInAMiddleBlock_NamesWhatIsLost() => FlipABitAsync(TestServerVersions.V215);

    [SkippableFact]
    public Task Run_TailBlockRemoved_NamesWhatIsLostAndWhichSequencesWereReused() => RemoveTheTailBlockAsync(TestServerVersions.V215);

    [SkippableFact]
    public Task Run_MetaFileTruncated_NamesWhatIsLost() => TruncateTheMetaFileAsync(TestServerVersions.V215);

    [SkippableFact]
    public Task Run_PowerLossWithTheDefaultSyncInterval_NamesWhatIsLost() => LosePowerAsync(TestServerVersions.V215);

    [SkippableTheory]
    [InlineData(TestServerVersions.V29)]
    [InlineData(TestServerVersions.V210)]
    [Trait("Category", "Soak")]
    public async Task Run_AllOfThemOnOlderServers_NameWhatIsLost(string version)
    {
        Soak.Require();
        await FlipABitAsync(version);
        await RemoveTheTailBlockAsync(version);
        await TruncateTheMetaFileAsync(version);
        await LosePowerAsync(version);
    }

    private static async Task FlipABitAsync(string version)
    {
        await using RunRig rig = await StartAsync(version);

        await DamageAsync(rig, EnoughForFourBlocks, () =>
        {
            ImmutableArray<string> blocks = Blocks(rig);
            Assert.True(blocks.Length >= 3, $"{blocks.Length} blocks");
            string middle = blocks[1];
            StoreChange change = StoreDamage.FlipBit(middle, new FileInfo(middle).Length / 2, bit: 3);
            Assert.Equal(change.Before[0] ^ 8, change.After[0]);
        });

        await AssertLostAsync(rig);
    }

    private static async Task RemoveTheTailBlockAsync(string version)
    {
        await using RunRig rig = await StartAsync(version);

        await DamageAsync(rig, EnoughForFourBlocks, () => StoreDamage.Remove(Blocks(rig)[^1]));

        Judgement judgement = await AssertLostAsync(rig);
        IReadOnlySet<MessageId> reused = new RawHistory(rig.History).SequenceReused;
        Assert.NotEmpty(reused);
        Assert.Equal(reused, Named(judgement, VerdictClass.SequenceReused));
    }

    private static async Task TruncateTheMetaFileAsync(string version)
    {
        await using RunRig rig = await StartAsync(version);

        await DamageAsync(rig, messages: 300, () =>
        {
            string meta = StoreFiles.Of(rig.Server.StoreFolder, Stream, StoreFileKind.Meta).Single(file => file.EndsWith($"{Stream}/meta.inf", StringComparison.Ordinal));
            StoreDamage.Truncate(meta, new FileInfo(meta).Length / 2);
        });

        Judgement judgement = await AssertLostAsync(rig);
        Assert.Equal(judgement.Verdict.Sent, judgement.Verdict.Count(VerdictClass.Lost) + judgement.Verdict.Received);
    }

    private static async Task LosePowerAsync(string version)
    {
        await using RunRig rig = await StartAsync(version);
        await rig.UntilSentAsync(200);
        await using StoreShadow shadow = await StoreShadow.KeepAsync(rig.Server, StoreShadow.DefaultSyncInterval);

        // A busy machine takes its time to copy, and the counts follow the logs a little behind.
        DateTimeOffset copied = DateTimeOffset.UtcNow;
        RunStatus since = await rig.UntilAsync(status => status.Tracking?.Totals.UpTo > copied);
        StoreRollback? rollback = null;
        await DamageAsync(rig, messages: since.Tracking!.Totals.Sent + 400, async () => rollback = await shadow.RollBackAsync());

        await AssertLostAsync(rig);
        Assert.True(rollback!.BytesGone > 100 * Heavy.Messages.Size, $"{rollback}");
    }

    private static async Task<RunRig> StartAsync(string version)
    {
        RunRig rig = await RunRig.StartAsync(version: version, workload: Heavy, proxied: false);
        await rig.SendWorkersAwayAsync(rig.Run.Duration);
        return rig;
    }

    private static Task DamageAsync(RunRig rig, long messages, Action damage) => DamageAsync(rig, messages, () =>
    {
        damage();
        return Task.CompletedTask;
    });

    /// <summary>With so many messages in the stream that nobody has consumed: SIGKILL, damage, restart, and some more messages.</summary>
    private static async Task DamageAsync(RunRig rig, long messages, Func<Task> damage)
    {
        await rig.UntilSentAsync(messages);
        await rig.Server.KillAsync();
        await damage();
        await rig.Server.RestartAsync();
        await rig.UntilMoreSentAsync(EnoughToComeBehind);
    }

    private static ImmutableArray<string> Blocks(RunRig rig) => StoreFiles.Of(rig.Server.StoreFolder, Stream, StoreFileKind.Block);

    private static async Task<Judgement> AssertLostAsync(RunRig rig)
    {
        Judgement judgement = await rig.FinishAsync();
        IReadOnlySet<MessageId> lost = new RawHistory(rig.History).Lost;
        RunRig.AssertOutcome(VerdictOutcome.Violated, judgement.Verdict);
        Assert.NotEmpty(lost);
        Assert.Equal(lost, Named(judgement, VerdictClass.Lost));
        return judgement;
    }

    private static IReadOnlySet<MessageId> Named(Judgement judgement, VerdictClass verdictClass) =>
        judgement.Evidence.Where(evidence => evidence.Class == verdictClass).Select(evidence => evidence.Message).ToHashSet();
}
