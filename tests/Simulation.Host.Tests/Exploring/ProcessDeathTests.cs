using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Exploring;
using Simulation.Host.Virtual;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Exploring;

/// <summary>The process that conducts a run dies at any instant, in a checkpoint and in a recovery too, and what goes on forgets nothing.</summary>
public sealed class ProcessDeathTests
{
    [Fact]
    public Task Explore_ThirtySeeds_AllPass() => ExploreAsync(new SeedRange(1, 30));

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Explore_TwoThousandSeeds_AllPass()
    {
        Soak.Require();
        return ExploreAsync(new SeedRange(1, 2_000));
    }

    private static async Task ExploreAsync(SeedRange seeds)
    {
        var explorer = new Explorer(new ExploreOptions
        {
            Config = ExploringConfig.Create(), Seeds = seeds, Parallel = Environment.ProcessorCount, ProcessDies = true,
        });
        int outages = 0;
        explorer.Ended += result => outages += result.Verdict?.Faults.Count(fault => fault.IsOutage) ?? 0;
        await explorer.RunAsync();

        Assert.Equal(seeds.Count, explorer.Totals.Seeds);
        Assert.Empty(explorer.Totals.Troubled.Select(result => $"seed {result.Seed}: {result.Outcome}, {result.Why}"));
        Assert.True(outages >= seeds.Count, $"{outages} outages in {seeds.Count} runs");
        Dictionary<string, Tally> deaths = explorer.Totals.Coverage.Entries.Where(entry => entry.Group == "deaths of the process").ToDictionary(entry => entry.Name, entry => entry.Tally);
        Assert.True(deaths["while a checkpoint was written"].Seeds >= seeds.Count / 10, $"{deaths["while a checkpoint was written"]}");
        Assert.True(deaths["while checkpoints were read"].Seeds >= seeds.Count / 10, $"{deaths["while checkpoints were read"]}");
    }

    /// <summary>Messages that were acknowledged too early are gone when the process dies; each is found, and found once.</summary>
    [Fact]
    public void Run_LossesPlantedAroundTheOutages_AreFoundOnceEach()
    {
        SeedCase seedCase = Swarm.Draw(ExploringConfig.Create("worker_crash", "workers.processing_delay.min=2s", "workers.processing_delay.max=4s"), 3, ["ack-before-processing"]);
        ProcessDeath[] deaths = [Death(at: 20), Death(at: 45)];

        SeedResult result = SeedRunner.Run(seedCase, deaths: [.. deaths]);

        Assert.True(result.Outcome == SeedOutcome.Violated, $"{result.Outcome}: {result.Why}");
        Assert.Equal(2, result.Verdict!.Faults.Count(fault => fault.IsOutage));
        Assert.All(result.Evidence, evidence => Assert.Equal(VerdictClass.Unprocessed, evidence.Class));
        Assert.Equal(result.Evidence.Length, result.Evidence.Select(evidence => evidence.Message).Distinct().Count());
        Assert.Equal(result.Verdict.Count(VerdictClass.Unprocessed), result.Evidence.Length);
    }

    /// <summary>
    /// A worker that is restarted hands over for two seconds, and partitions that are added wait for owners who cannot be reached: the process dies meanwhile,
    /// and with so little time left neither is begun again.
    /// </summary>
    [Theory]
    [InlineData("{at: 45s, event: worker_restart, targets: [worker-1]}", "worker_restart (worker-1)")]
    [InlineData("{at: 44s, event: network_partition, targets: [worker-0, worker-1, worker-2], for: 10s}, {at: 45s, event: partition_changes, change: add, by: 2}", "partition_changes (2, add)")]
    public void Run_FaultCutOffByTheOutage_IsToldSoAndIsNoDoubt(string schedule, string what)
    {
        SimulationConfig config = ExploringConfig.Create(
            "", "chaos.enabled=true", "chaos.events=[]", $"chaos.scheduled=[{schedule}]", "chaos.quiet_before_end=15s", "chaos.max_concurrent=2", "chaos.max_partitions=8",
            "partitions.message_rate_per_partition=0.1", "workers.processing_delay.min=8s", "workers.processing_delay.max=9s", "workers.consumers.ack_wait=30s");

        SeedResult result = SeedRunner.Run(new SeedCase(config with { Simulation = config.Simulation with { Seed = 3 } }, []), deaths: [Death(at: 46)]);

        Assert.True(result.Verdict?.Outcome == VerdictOutcome.Passed, $"{result.Outcome}: {result.Why} {string.Join(' ', result.Verdict?.Doubts ?? [])}");
        Assert.True(result.Verdict!.Faults.Any(fault => fault.IsCutOff), string.Join(Environment.NewLine, result.Verdict.Faults));
        FaultOutcome cutOff = result.Verdict.Faults.Single(fault => fault.IsCutOff);
        Assert.Equal(what, cutOff.What);
        Assert.True(cutOff.StartedAt + cutOff.Lasted >= result.Verdict.Faults.Single(fault => fault.IsOutage).StartedAt);
    }

    /// <summary>All of them died with it, so those who come next do not wait for leases that nobody renews.</summary>
    [Fact]
    public void Run_LeasesOfTheDead_AreNotWaitedFor()
    {
        SeedCase seedCase = Swarm.Draw(ExploringConfig.Create("", "simulation.duration=10m", "workers.group.lease_ttl=5m"), 5, []).With([]);

        SeedResult result = SeedRunner.Run(seedCase, deaths: [Death(at: 20)]);

        Assert.True(result.Outcome == SeedOutcome.Passed, $"{result.Outcome}: {result.Why}");
        Assert.InRange(Assert.Single(result.Verdict!.Faults).WellAgainAfter ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    /// <summary>Died while workers were restarted, so that nobody was to come back; and after partitions were opened, which then had the messages of the outage, too.</summary>
    [Theory]
    [InlineData(288)]
    [InlineData(321)]
    public void Run_SeedThatWasStuckOnce_Passes(ulong seed)
    {
        SeedCase seedCase = Swarm.Draw(ExploringConfig.Create(), seed, []);
        SeedResult result = SeedRunner.Run(seedCase, deaths: ProcessDeath.Draw(seed, seedCase.Config.Simulation.Duration));
        Assert.True(result.Outcome == SeedOutcome.Passed, $"{result.Outcome}: {result.Why}");
    }

    /// <summary>What was folded away is known by everybody who comes back: nobody does anything else than if it were still there.</summary>
    [Fact]
    public void Run_HistoryIsCompacted_IsTheSameToTheBitAsWithAllOfIt()
    {
        SimulationConfig config = ExploringConfig.Create("", "checkpointing.enabled=true");
        long compacted = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            SeedResult whole = Run(config, seed);
            SeedResult kept = Run(config with { History = new HistorySection { Keep = TimeSpan.FromSeconds(1) } }, seed);
            Assert.True(whole.Outcome == kept.Outcome && whole.TraceHash == kept.TraceHash, $"seed {seed}: {whole.Outcome}, and {kept.Outcome} when compacted ({kept.Why})");
            Assert.Equal(whole.Verdict?.Summary, kept.Verdict?.Summary);
            compacted += kept.Verdict?.Compacted?.Count ?? 0;
        }

        Assert.True(compacted > 0, "nothing was compacted");

        static SeedResult Run(SimulationConfig config, ulong seed)
        {
            SeedCase seedCase = Swarm.Draw(config, seed, []);
            return SeedRunner.Run(seedCase, deaths: ProcessDeath.Draw(seed, seedCase.Config.Simulation.Duration));
        }
    }

    [Fact]
    public void Run_LossesPlantedBeforeAndAfterCompaction_AreFound()
    {
        SimulationConfig config = ExploringConfig.Create("worker_crash", "workers.processing_delay.min=2s", "workers.processing_delay.max=4s", "checkpointing.enabled=true", "history.keep=1s");
        SeedResult result = SeedRunner.Run(Swarm.Draw(config, 3, ["ack-before-processing"]), deaths: [Death(at: 20), Death(at: 45)]);

        Assert.True(result.Outcome == SeedOutcome.Violated, $"{result.Outcome}: {result.Why}");
        Assert.NotEmpty(result.Evidence);
        Assert.All(result.Evidence, evidence => Assert.Contains(evidence.Records, record => record.Record.Type == RecordType.Intent));
    }

    private static ProcessDeath Death(int at) => new(TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(5), []);

    [Fact]
    public void Run_SameSeedAndDeaths_IsTheSameToTheBit()
    {
        SeedCase seedCase = Swarm.Draw(ExploringConfig.Create(), 7, []);
        SeedResult Run() => SeedRunner.Run(seedCase, deaths: ProcessDeath.Draw(7, seedCase.Config.Simulation.Duration));
        Assert.Equal(Run().TraceHash, Run().TraceHash);
    }
}
