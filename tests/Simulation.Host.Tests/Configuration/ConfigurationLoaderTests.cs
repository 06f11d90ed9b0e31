using Simulation.Chaos;
using Simulation.Host.Configuration.Values;
using Simulation.Host.Configuration;
using Simulation.Kernel;
using Simulation.Workload;

namespace Simulation.Host.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Nothing_GivesTheDefaultsOfTheIssue()
    {
        SimulationConfig config = ConfigurationLoader.Load(new ConfigurationSources()).Config;

        Assert.Equal(TimeSpan.FromHours(1), config.Simulation.Duration);
        Assert.Null(config.Simulation.Seed);
        Assert.Equal((100, 0.1), (config.Partitions.Count, config.Partitions.MessageRatePerPartition));
        Assert.Equal(WeightDistribution.Uniform, config.Partitions.Distribution);
        Assert.Equal(10, config.PartitionsPerProducer);
        Assert.Equal((150, 1.3, 2.0), (config.Workers.StrategyConfig.VirtualNodes, config.Workers.StrategyConfig.OverloadThreshold, config.Workers.StrategyConfig.ExtremeThreshold));
        Assert.Equal((TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)), (config.Workers.ProcessingDelay.Min, config.Workers.ProcessingDelay.Max));
        Assert.Equal(new DurationRange(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)), config.Chaos.Interval);
        Assert.Equal((10_000_000_000, 50_000_000_000), (config.Nats.Jetstream.MaxMemory.Bytes, config.Nats.Jetstream.MaxFileStorage.Bytes));
        Assert.Equal(9090, config.Metrics.Prometheus.Port);
        Assert.Equal("./checkpoints", config.Checkpointing.Path);
    }

    [Fact]
    public void Load_SeveralSources_FlagWinsOverEnvironmentOverFileOverDefault()
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(new ConfigurationSources
        {
            File = _folder.Write("run.yaml", "workers:\n  count: 1\nproducers: {count: 2}\nsimulation:\n  duration: 3m\n  seed: 4\n"),
            Environment = new Dictionary<string, string>
            {
                ["SIMULATION_PRODUCERS__COUNT"] = "20",
                ["SIMULATION_SIMULATION__DURATION"] = "30m",
                ["SIMULATION_NATS__PASSWORD"] = "",
                ["SIMULATION_HOME"] = "not ours",
            },
            Sets = ["simulation.duration=31m", "simulation.seed=41"],
            Flags = [new FlagValue("--seed", "simulation.seed", "42")],
        });

        Assert.Equal(1, loaded.Config.Workers.Count);
        Assert.Equal(20, loaded.Config.Producers.Count);
        Assert.Equal(TimeSpan.FromMinutes(31), loaded.Config.Simulation.Duration);
        Assert.Equal(42UL, loaded.Config.Simulation.Seed);
        Assert.EndsWith("run.yaml:2:10", loaded.OriginOf("workers.count").ToString());
        Assert.Equal("environment SIMULATION_PRODUCERS__COUNT", loaded.OriginOf("producers.count").ToString());
        Assert.Equal("--set simulation.duration", loaded.OriginOf("simulation.duration").ToString());
        Assert.Equal("--seed", loaded.OriginOf("simulation.seed").ToString());
        Assert.Equal("default", loaded.OriginOf("partitions.count").ToString());
    }

    [Fact]
    public void Load_ManyProblems_ReportsEachWithItsPlace()
    {
        string[] problems = ProblemsOf(
            """
            simulation: {duration: 5}
            wrokers: {count: 1}
            workers:
              count: many
              assignment_strategy: consistentHash
              virtual_nodes: 10
              processing_delay: {min: 60ms, max: 50ms}
            metrics: {prometheus: {enabled: yes, port: 70000}}
            nats: []
            """);

        Assert.Collection(
            problems,
            problem => Assert.Equal("1:24: simulation.duration: expected a duration such as 250ms, 10s, 5m, 12h or 1h30m, found '5'; the unit is missing, for example 5s", problem),
            problem => Assert.Equal("2:1: unknown key 'wrokers'; did you mean 'workers'?", problem),
            problem => Assert.Equal("4:10: workers.count: expected a whole number, found 'many'", problem),
            problem => Assert.Equal("5:24: workers.assignment_strategy: expected one of ConsistentHash, WeightedConsistentHash, RoundRobin, found 'consistentHash'; did you mean 'ConsistentHash'?", problem),
            problem => Assert.Equal("6:3: unknown key 'workers.virtual_nodes'; did you mean 'workers.strategy_config.virtual_nodes'?", problem),
            problem => Assert.Equal("8:33: metrics.prometheus.enabled: expected true or false, found 'yes'; did you mean 'true'?", problem),
            problem => Assert.Equal("8:44: metrics.prometheus.port: 70000 must be at most 65535", problem),
            problem => Assert.StartsWith("9:7: 'nats' must be a section with keys: mode, url,", problem),
            problem => Assert.Equal("7:27: workers.processing_delay.min: min 60ms is above max 50ms", problem));
    }

    [Fact]
    public void Load_ScheduleThatCannotBe_TellsEachItemWithItsPlace()
    {
        string[] problems = ProblemsOf(
            """
            chaos:
              enabled: true
              scheduled:
                - {at: 5m, event: worker_pause, targets: worker-1, for: 1m}
                - {at: 5m30s, event: worker_crash, targets: worker-1}
                - {at: 10m, event: worker_crash, targets: worker-10}
                - {at: 12m, event: scale_down, by: 10}
                - {at: 13m, event: consumer_delete, targets: partition-100}
            """);

        Assert.Collection(
            problems,
            problem => Assert.Equal("5:7: chaos.scheduled: worker_crash at 5m30s would be one more than chaos.max_concurrent, 1, at a time", problem),
            problem => Assert.Equal("6:7: chaos.scheduled: there is no worker-10 for worker_crash at 10m; there are worker-0 to worker-9", problem),
            problem => Assert.StartsWith("7:7: chaos.scheduled: no room for scale_down at 12m: 10 workers by then, at least 1 wanted", problem),
            problem => Assert.Equal("8:7: chaos.scheduled: there is no partition-100 for consumer_delete at 13m; there are partition-0 to partition-99", problem));
    }

    [Theory]
    [InlineData("partitions: {count: 0}", "partitions.count: 0 must be at least 1")]
    [InlineData("partitions: {count: \"5\"}", "found the string \"5\"; remove the quotes")]
    [InlineData("partitions: {count: [5]}", "expected a whole number, found a list")]
    [InlineData("partitions: {count: }", "expected a whole number, found ''")]
    [InlineData("partitions: {message_rate_per_partition: .nan}", "expected a number")]
    [InlineData("producers: {count: 3, partitions_per_producer: 30}", "3 producers with 30 partitions each cover 90 of 100 partitions")]
    [InlineData("chaos: {interval: 30-10m}", "which ends before it begins")]
    [InlineData("chaos: {events: [worker_crahs]}", "unknown event 'worker_crahs'; did you mean 'worker_crash'?")]
    [InlineData("chaos: {events: [{name: scale_up, weight: 0}]}", "an event's weight must be above 0")]
    [InlineData("chaos: {scheduled: [{event: scale_up}]}", "when is 'scale_up'?")]
    [InlineData("chaos: {enabled: true}", "chaos is on and nothing may break")]
    [InlineData("chaos: {enabled: true, events: [scale_up], min_workers: 11}", "10 workers are not between 11 and 20")]
    [InlineData("chaos: {events: [{name: worker_crash, fro: 5s}]}", "worker_crash has no parameter 'fro'; did you mean 'for'?")]
    [InlineData("chaos: {events: [{name: worker_crash, for: 2h}]}", "worker_crash, for: 2h is not within 0s to 1h")]
    [InlineData("chaos: {events: [{name: scale_up, targets: all}]}", "scale_up has no targets")]
    [InlineData("chaos: {events: [{name: producer_crash, targets: leader}]}", "producer_crash cannot hit 'leader'; give names or one of one, some, all")]
    [InlineData("chaos: {enabled: true, events: [scale_up], interval: 2h}", "2h never comes round")]
    [InlineData("chaos: {enabled: true, events: [scale_up], max_concurrent: 40}", "40 faults at a time need as many targets, and there are 31")]
    [InlineData("chaos: {enabled: true, events: [scale_up], max_workers: 9}", "10 workers are not between 1 and 9")]
    [InlineData("chaos: {enabled: true, events: [{name: worker_crash, targets: worker-20}]}", "there is no worker-20 for worker_crash")]
    [InlineData("nats: {jetstream: {replicas: 3}}", "3 replicas need as many servers, and nats.cluster.size is 1")]
    [InlineData("nats: {url: \"http://localhost\"}", "'http://localhost' is not a NATS URL")]
    [InlineData("nats: {prefix: a.b}", "'a.b' cannot begin a subject")]
    [InlineData("nats: {user: me}", "user and password are given together")]
    [InlineData("nats: {server_path: /nowhere/nats-server}", "no such file: /nowhere/nats-server")]
    [InlineData("nats: {jetstream: {max_memory: 10}}", "the unit is missing, for example 10B")]
    [InlineData("workers: {consumers: {layout: per_cow}}", "expected one of per_partition, per_group, per_worker, found 'per_cow'")]
    [InlineData("workers: {count: 1, count: 2}", "not valid YAML")]
    [InlineData("workers: {count: 1", "not valid YAML")]
    [InlineData("just words", "the file must be a section with keys: thresholds, simulation, partitions")]
    public void Load_ImpossibleValue_IsOneProblemWithItsReason(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Single(ProblemsOf(yaml)));

    /// <summary>Everything that can be wrong with chaos is one problem, at the line and column where it is.</summary>
    [Theory]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{weight: 2}]}", "1:47: chaos.events: expected an event: its name, or a mapping with 'name'")]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{name: worker_crash, for: 20-5s}]}", "1:73: chaos.events: worker_crash, for: 20-5s ends before it begins")]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{name: slow_consumer, factor: 0.5}]}", "1:77: chaos.events: slow_consumer, factor: 0.5 is not within 1 to 1000")]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{name: worker_crash, for: 59m30s}]}", "1:47: chaos.events: worker_crash, for: 59m30s never fits: between warm-up and quiet end there are 58m")]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{name: producer_crash, targets: [producer-0, producer-10]}]}", "1:47: chaos.events: there is no producer-10 for producer_crash; there are producer-0 to producer-9")]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{name: consumer_delete, targets: partition-100}]}", "1:47: chaos.events: there is no partition-100 for consumer_delete; there are partition-0 to partition-99")]
    [InlineData("chaos: {enabled: true, interval: 1m, events: [{name: server_kill, targets: simulation-2}]}", "1:47: chaos.events: there is no simulation-2 for server_kill; there is only simulation")]
    [InlineData("chaos: {enabled: true, interval: 2h, events: [scale_up]}", "1:34: chaos.interval: 2h never comes round: between warm-up and quiet end there are 58m; give a shorter one, or a longer simulation.duration")]
    [InlineData("simulation: {duration: 10m}\nchaos: {enabled: true, events: [scale_up]}", "2:18: chaos.interval: 10m-30m never comes round: between warm-up and quiet end there are 8m; give a shorter one, or a longer simulation.duration")]
    [InlineData("chaos: {enabled: true, interval: 1m, warmup: 40m, quiet_before_end: 20m, events: [scale_up]}", "1:46: chaos.warmup: chaos.warmup of 40m and chaos.quiet_before_end of 20m leave no time for chaos in 1h; give shorter ones, or a longer simulation.duration")]
    [InlineData("chaos: {enabled: true, interval: 0s, events: [scale_up]}", "1:34: chaos.interval: 0s must be at least 100ms")]
    [InlineData("chaos: {enabled: true, max_concurrent: 0, events: [scale_up]}", "1:40: chaos.max_concurrent: 0 must be at least 1")]
    [InlineData("chaos: {enabled: true, events: [scale_up], min_workers: 12, max_workers: 11}", "1:74: chaos.max_workers: at least 12 and at most 11 workers cannot be")]
    [InlineData("chaos: {enabled: true, events: [scale_up], min_partitions: 120, max_partitions: 110}", "1:81: chaos.max_partitions: at least 120 and at most 110 partitions cannot be")]
    [InlineData("chaos: {enabled: true, events: [scale_up], bursts: {probability: 1.5}}", "1:66: chaos.bursts.probability: 1.5 must be at most 1")]
    [InlineData("chaos: {enabled: true, events: [scale_up], bursts: {events: 9-5}}", "1:61: chaos.bursts.events: expected a range of whole numbers such as 5-9, found '9-5', which ends before it begins")]
    [InlineData("chaos: {enabled: true, events: [scale_up], bursts: {events: 0-5}}", "1:61: chaos.bursts.events: 0-5 must be at least 1")]
    [InlineData("chaos: {enabled: true, events: [scale_up], bursts: {spacing: 4-1s}}", "1:62: chaos.bursts.spacing: expected a range of durations such as 10-30m or 30s-60s, found '4-1s', which ends before it begins")]
    [InlineData("chaos: {enabled: true, events: [scale_up], bursts: {quiet: -1m}}", "1:60: chaos.bursts.quiet: expected a range of durations such as 10-30m or 30s-60s, found '-1m'")]
    [InlineData("chaos: {enabled: true, events: [scale_up], bursts: {event: 5}}", "1:53: unknown key 'chaos.bursts.event'; did you mean 'events'?")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: worker_crsh}]}", "1:52: chaos.scheduled: unknown event 'worker_crsh'; did you mean 'worker_crash'?")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: soon, event: worker_crash}]}", "1:41: chaos.scheduled: expected a duration such as")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 61m, event: worker_crash}]}", "1:35: chaos.scheduled: 'worker_crash' at 1h1m is after the end, which is at 1h")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: worker_crash, for: 2h}]}", "1:71: chaos.scheduled: worker_crash, for: 2h is not within 0s to 1h")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: worker_crash, weight: 3}]}", "1:74: chaos.scheduled: worker_crash has no parameter 'weight'; it has at, event, targets, for, replaced")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: worker_crash, targets: [worker-1, worker-1]}]}", "1:75: chaos.scheduled: a target is named twice")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: producer_crash, targets: producer-10}]}", "1:36: chaos.scheduled: there is no producer-10 for producer_crash at 1m; there are producer-0 to producer-9")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: scale_up, by: 11}]}", "1:36: chaos.scheduled: no room for scale_up at 1m: 10 workers by then, and at most 20 wanted")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: partition_changes, change: add, by: 101}]}", "1:36: chaos.scheduled: no room for partition_changes at 1m: 100 partitions by then, at least 1 and at most 200 wanted")]
    [InlineData("chaos: {enabled: true, scheduled: [{at: 1m, event: worker_crash, targets: leader, replaced: true}]}", "1:36: chaos.scheduled: worker_crash at 1m: nobody knows beforehand which number the leader has")]
    [InlineData("chaos: {enabled: true, max_concurrent: 2, scheduled: [{at: 1m, event: worker_crash, targets: worker-1, for: 30s}, {at: 70s, event: worker_pause, targets: worker-1}]}", "1:115: chaos.scheduled: what worker_pause at 1m10s would hit is still busy with an earlier fault")]
    public void Load_ImpossibleChaos_IsOneProblemWithItsPlace(string yaml, string expected) =>
        Assert.StartsWith(expected, Assert.Single(ProblemsOf(yaml)));

    [Theory]
    [InlineData("workers.cuont=5", "--set workers.cuont: unknown key 'workers.cuont'; did you mean 'workers.count'?")]
    [InlineData("workers.count", "--set workers.count: expected key=value, for example --set workers.count=20")]
    [InlineData("workers.count=x", "--set workers.count: workers.count: expected a whole number, found 'x'")]
    public void Load_BadSet_IsAProblem(string assignment, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationSources { Sets = [assignment] }));
        Assert.Equal(expected, Assert.Single(error.Problems).ToString());
    }

    [Fact]
    public void Load_UnknownVariable_IsAProblem()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationSources
        {
            Environment = new Dictionary<string, string> { ["SIMULATION_WORKERS__COUNTS"] = "5" },
        }));
        Assert.Equal("environment SIMULATION_WORKERS__COUNTS: unknown key 'workers.counts'; did you mean 'workers.count'?", Assert.Single(error.Problems).ToString());
    }

    [Fact]
    public void Load_MissingFile_SaysSo()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationSources { File = "/nowhere/run.yaml" }));
        Assert.StartsWith("/nowhere/run.yaml: no such file", Assert.Single(error.Problems).ToString());
    }

    [Fact]
    public void Load_BadUrlWithPassword_DoesNotShowIt()
    {
        string problem = Assert.Single(ProblemsOf("nats: {url: \"ftp://me:secret@host\"}"));
        Assert.DoesNotContain("secret", problem);
    }

    [Fact]
    public void Load_ChaosEvents_TakesNamesAndMappings()
    {
        SimulationConfig config = ConfigurationLoader.Load(new ConfigurationSources
        {
            Sets = ["chaos.events=[worker_crash, {name: scale_up, weight: 3, by: 5}]", "chaos.scheduled=[{at: 5m, event: leader_failure}]"],
        }).Config;

        Assert.Equal(["worker_crash", "scale_up"], config.Chaos.Events.Select(item => item.Fault.Name));
        Assert.Equal((3.0, "5"), (config.Chaos.Events[1].Weight, config.Chaos.Events[1].Fault.Parameters["by"]));
        Assert.Equal((TimeSpan.FromMinutes(5), "leader_failure"), (config.Chaos.Scheduled[0].At, config.Chaos.Scheduled[0].Fault.Name));
    }

    [Theory]
    [InlineData("dev.yaml", 10)]
    [InlineData("realistic.yaml", 15)]
    [InlineData("stress.yaml", 100.5)]
    [InlineData("extreme.yaml", 1500)]
    public void Load_ShippedFile_IsValidAndHasTheRateThatItNames(string name, double messagesPerSecond)
    {
        SimulationConfig config = ConfigurationLoader.Load(new ConfigurationSources { File = Repository.PathOf("configs", name) }).Config;
        Assert.Equal(messagesPerSecond, config.Partitions.Count * config.Partitions.MessageRatePerPartition, 6);
    }

    /// <summary>Without the path of the file in front.</summary>
    private string[] ProblemsOf(string yaml)
    {
        string file = _folder.Write("run.yaml", yaml);
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationSources { File = file }));
        return [.. error.Problems.Select(problem => problem.ToString().Replace(file + ":", ""))];
    }
}
