using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Embedded;
using Simulation.TestServers;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests.Servers;

/// <summary>Three real servers, three copies of everything: what kills alone cannot lose, and what an old copy can.</summary>
public sealed class ClusterTests
{
    private const string Stream = "SIMULATION";

    /// <summary>Acknowledged while the first server is down: so many lose their second copy with the second one.</summary>
    private const long EnoughToMiss = 2_000;

    private static readonly WorkloadOptions Steady = RunRig.SmallWorkload with
    {
        Partitions = new PartitionOptions { Count = 20, MessageRatePerPartition = 25 },
    };

    /// <summary>A server that is down misses messages, another one comes back with an old store, and together they outvote the one that knows.</summary>
    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    [Trait("Category", "Soak")]
    public async Task Run_FollowerPutBackAndMajorityWithoutTheThirdServer_NamesTheThousandsThatAreLost(string version)
    {
        Soak.Require();
        TimeSpan sending = TimeSpan.FromSeconds(50);
        await using RunRig rig = await StartAsync(version, sending);
        await rig.SendWorkersAwayAsync(sending);
        await rig.UntilSentAsync(1_000);
        (EmbeddedNatsServer a, EmbeddedNatsServer b, EmbeddedNatsServer c) = await RolesAsync(rig);

        await using StoreShadow copyOfC = await StoreShadow.KeepAsync(c, TimeSpan.FromHours(1));
        await a.KillAsync();
        long before = (await rig.StatusAsync()).Tracking!.Totals.Sent;
        await Task.Delay(TimeSpan.FromSeconds(6));
        await rig.UntilSentAsync(before + EnoughToMiss);
        await c.KillAsync();
        await copyOfC.RollBackAsync();
        await b.KillAsync();
        await Task.WhenAll(a.RestartAsync(), c.RestartAsync());
        await Task.Delay(TimeSpan.FromSeconds(14));
        await b.RestartAsync();
        Judgement judgement = await rig.JudgementAsync();

        RunRig.AssertOutcome(VerdictOutcome.Violated, judgement.Verdict);
        var raw = new RawHistory(rig.History);
        Assert.True(raw.NeverProcessed.Count >= EnoughToMiss / 2, $"{raw.NeverProcessed.Count} gone. {judgement.Verdict.Summary}: {string.Join(", ", judgement.Verdict.Findings)}");
        Assert.Equal(raw.Lost, Named(judgement, VerdictClass.Lost));

        // Now and then the server that knew leads again, with what nobody else has: then it is in the stream that is read, and out of every consumer's reach.
        Assert.Equal(raw.NeverProcessed, Named(judgement, VerdictClass.Lost, VerdictClass.Unprocessed));
    }

    private static HashSet<MessageId> Named(Judgement judgement, params VerdictClass[] classes) =>
        [.. judgement.Evidence.Where(evidence => classes.Contains(evidence.Class)).Select(evidence => evidence.Message)];

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    [Trait("Category", "Soak")]
    public async Task Run_OneToThreeServersKilledAgainAndAgain_Passes(string version)
    {
        Soak.Require();
        await using RunRig rig = await StartAsync(version, TimeSpan.FromSeconds(60));
        RandomStream random = RandomStream.Derive(7, "kills");
        await rig.UntilSentAsync(100);

        int kills = 0;
        while ((await rig.StatusAsync()).Phase == RunPhase.Running)
        {
            EmbeddedNatsServer[] struck = [.. rig.Cluster.Servers];
            random.Shuffle<EmbeddedNatsServer>(struck);
            struck = struck[..(1 + random.Next(3))];
            await Task.WhenAll(struck.Select(server => server.KillAsync()));
            await Task.WhenAll(struck.Select(server => server.RestartAsync()));
            kills += struck.Length;
            await Task.Delay(random.Uniform(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)));
        }

        Verdict verdict = (await rig.JudgementAsync()).Verdict;
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.True(kills >= 4, $"{kills} kills");
        Assert.Equal(new RawHistory(rig.History).Acknowledged, verdict.Sent);
        Assert.True(verdict.Received >= verdict.Sent);
    }

    private static Task<RunRig> StartAsync(string version, TimeSpan sending) => RunRig.StartAsync(
        run => run with
        {
            Duration = sending,
            Stream = run.Stream with { Replicas = 3 },
            ValidationWindow = TimeSpan.FromMinutes(2),
        },
        version: version, workload: Steady, servers: 3);

    /// <summary>B leads the stream, A and C follow.</summary>
    private static async Task<(EmbeddedNatsServer A, EmbeddedNatsServer B, EmbeddedNatsServer C)> RolesAsync(RunRig rig)
    {
        string leader = await new ClusterLeaders(rig.Cluster).OfStreamAsync(Stream) ?? throw new InvalidOperationException("Nobody leads the stream.");
        ImmutableArray<EmbeddedNatsServer> followers = rig.Cluster.Servers.RemoveAll(server => server.Name == leader);
        return (followers[0], rig.Cluster.Servers.Single(server => server.Name == leader), followers[1]);
    }
}
