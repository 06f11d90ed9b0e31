using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Reports;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Tests.Thresholds;

public sealed class ThresholdTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MemoryHistoryStore _store = new("run");

    [Theory]
    [InlineData("{metric: end_to_end_latency.p99, below: 100ms, scope: during-fault, after: 1m, abort: true}")]
    [InlineData("{metric: recovery.worker_crash.max, below: 1m}")]
    [InlineData("{metric: memory.slope, below: 1MB/h}")]
    [InlineData("{metric: redelivered.ratio, below: 0.01, scope: steady}")]
    [InlineData("{metric: sent.rate, above: 900/s, after: 30s}")]
    [InlineData("{metric: handles.slope, below: 2/h}")]
    public void Load_Threshold_IsWrittenBackAsItWasRead(string yaml)
    {
        Threshold threshold = Assert.Single(Load($"[{yaml}]").Thresholds);
        Assert.Equal(yaml, threshold.ToYaml());
        Assert.Equal(threshold, Assert.Single(Load($"[{threshold.ToYaml()}]").Thresholds));
    }

    [Theory]
    [InlineData("{metric: end_to_end_latency.p98, below: 1s}", "unknown metric 'end_to_end_latency.p98'; did you mean 'end_to_end_latency.p9")]
    [InlineData("{metric: end_to_end.p99, below: 1s}", "did you mean 'end_to_end_latency.p99'?")]
    [InlineData("{metric: recovery.worker_crsh.max, below: 1s}", "did you mean 'recovery.worker_crash.max'?")]
    [InlineData("{below: 1s}", "a threshold needs a 'metric'")]
    [InlineData("{metric: lag.max}", "lag.max needs either 'below' or 'above', a number such as 5")]
    [InlineData("{metric: lag.max, below: 5, above: 2}", "lag.max needs either 'below' or 'above'")]
    [InlineData("{metric: memory.slope, below: 5MB}", "memory.slope: expected a size an hour such as 1MB/h, found '5MB'")]
    [InlineData("{metric: publish_latency.p50, below: 5}", "publish_latency.p50: expected a duration such as 100ms, found '5'")]
    [InlineData("{metric: lag.max, below: 5, scope: stedy}", "lag.max: scope: expected one of all, steady, during-fault, recovery, found 'stedy'; did you mean 'steady'?")]
    [InlineData("{metric: lag.max, below: 5, unless: x}", "a threshold has no field 'unless'")]
    [InlineData("{metric: sent.count, above: 5, abort: true}", "it only rises, so that it is too low says nothing before the end")]
    [InlineData("{metric: recovery.any.max, below: 5s, scope: steady}", "recoveries have no scope; leave it out")]
    [InlineData("lag.max", "expected a threshold such as")]
    public void Load_ImpossibleThreshold_IsOneProblemWithItsReason(string yaml, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Load($"[{yaml}]", "chaos.enabled=true", "chaos.events=[worker_crash]", "chaos.interval=1s-2s"));
        Assert.Contains(expected, Assert.Single(error.Problems).Message);
    }

    [Theory]
    [InlineData("{metric: memory.max, below: 1GB}", "simulation.world=virtual", "memory.max is of the process")]
    [InlineData("{metric: recovery.any.max, below: 5s}", "chaos.enabled=false", "looks at faults, and chaos is off")]
    [InlineData("{metric: lag.max, below: 5, scope: recovery}", "chaos.enabled=false", "looks at faults, and chaos is off")]
    public void Load_ThresholdThatCouldOnlyBeMissed_IsAProblem(string yaml, string set, string expected) =>
        Assert.Contains(expected, Assert.Single(Assert.Throws<ConfigurationException>(() => Load($"[{yaml}]", set)).Problems).Message);

    [Fact]
    public void Conclude_LatencyInScope_IsJudgedByWhatWasThere()
    {
        Tell(producer => Send(producer, seconds: 20, milliseconds: second => second == 3 ? 900 : 5));
        Assert.True(Judge("{metric: publish_latency.max, below: 1s}").IsKept);
        ThresholdResult missed = Judge("{metric: publish_latency.max, below: 500ms}");
        Assert.Equal("it was 900 ms", missed.Missed);
        Assert.True(Judge("{metric: publish_latency.max, below: 500ms, after: 5s}").IsKept);
        Assert.True(Judge("{metric: publish_latency.p50, below: 10ms, scope: steady}").IsKept);
        Assert.Equal(20, Judge("{metric: sent.count, above: 19}").Value);
        Assert.Equal(1, Judge("{metric: sent.rate, above: 0.5/s, scope: steady}").Value);
    }

    [Theory]
    [InlineData("{metric: publish_latency.p99, below: 1s, scope: during-fault}", "no data: nothing was measured in scope during-fault")]
    [InlineData("{metric: publish_latency.p99, below: 1s, after: 1h}", "no data: nothing was measured after 1h")]
    [InlineData("{metric: end_to_end_latency.p50, below: 1s}", "no data: nothing was measured")]
    [InlineData("{metric: recovery.worker_crash.max, below: 1m}", "no data: no worker_crash happened")]
    [InlineData("{metric: memory.max, below: 1GB}", "no data: no sample was taken")]
    public void Conclude_MetricThatSawNoData_IsMissedWithThatReason(string yaml, string reason)
    {
        Tell(producer => Send(producer, seconds: 5, milliseconds: _ => 5));
        ThresholdResult result = Judge(yaml);
        Assert.False(result.IsKept);
        Assert.Equal(reason, result.Missed);
        Assert.Equal("no data", result.ShownValue);
    }

    [Fact]
    public void Conclude_FaultThatNeverRecovered_IsMissed()
    {
        var never = new FaultOutcome(3, "worker_crash (worker-1)", Start, TimeSpan.Zero, "gone", null, TimeSpan.Zero, TimeSpan.FromSeconds(2), BacklogAfter: null);
        FaultOutcome quick = never with { Number = 4, BacklogAfter = TimeSpan.FromSeconds(1) };
        var check = new ThresholdCheck(Parse("{metric: recovery.worker_crash.max, below: 1m}"));
        Assert.Equal("fault 3 (worker_crash (worker-1)) was not seen to recover", check.Conclude([quick, never], Start).Missed);
        Assert.True(check.Conclude([quick], Start).IsKept);
        Assert.Equal("never", check.Conclude([never], Start).ShownValue);
    }

    [Fact]
    public void Conclude_Slope_IsThatOfTheLineAndNeedsItsTime()
    {
        ThresholdResult Grow(int seconds, string yaml)
        {
            var check = new ThresholdCheck(Parse(yaml));
            Each(seconds, (second, view) => check.Add(view with { Process = new ProcessSample(second.UnixSeconds, 50_000_000 + (1000 * second.SinceSending!.Value), 0, 0, 20, 30) }));
            return check.Conclude([], Start);
        }

        ThresholdResult grown = Grow(600, "{metric: memory.slope, below: 1MB/h}");
        Assert.Equal(3_600_000, grown.Value!.Value, tolerance: 1);
        Assert.Equal("it was 3.6 MB/h", grown.Missed);
        Assert.True(Grow(600, "{metric: memory.slope, below: 4MB/h}").IsKept);
        Assert.Equal("no data: a slope needs 5m, and there were 59s", Grow(60, "{metric: memory.slope, below: 4MB/h}").Missed);
        Assert.Equal(0, Grow(600, "{metric: threads.slope, below: 1/h}").Value!.Value, tolerance: 1e-6);
    }

    [Fact]
    public void Aborts_ThresholdThatWasMissedOnce_StaysSo()
    {
        Tell(producer => Send(producer, seconds: 30, milliseconds: second => second == 3 ? 900 : 5));
        Assert.StartsWith("ended the run: it was 900 ms after 4 s", Judge("{metric: publish_latency.max, below: 500ms, abort: true}").Missed);

        // A percentile waits for as many messages as it needs to mean anything.
        Assert.DoesNotContain("ended the run", Judge("{metric: publish_latency.p99, below: 500ms, abort: true}").Missed);
    }

    /// <summary>Nobody sent anything for a minute, because nobody was there.</summary>
    [Fact]
    public void Conclude_RateOfARunThatWasDeadForAWhile_LeavesTheOutageOut()
    {
        using HistoryWriter coordinator = _store.Create("coordinator", ParticipantKind.Coordinator);
        using HistoryWriter producer = _store.Create("producer-1", ParticipantKind.Producer);
        coordinator.PhaseChanged(Start, RunPhase.Running);
        Send(producer, seconds: 20, milliseconds: _ => 5);
        coordinator.FaultStarted(Start + TimeSpan.FromSeconds(20), FaultOutcome.NumberOfOutage(1), FaultOutcome.CoordinatorOutage);
        coordinator.Started(Start + TimeSpan.FromSeconds(80), 2);
        coordinator.FaultEnded(Start + TimeSpan.FromSeconds(80), FaultOutcome.NumberOfOutage(1));
        coordinator.PhaseChanged(Start + TimeSpan.FromSeconds(80), RunPhase.Starting);

        Assert.InRange(Judge("{metric: sent.rate, above: 0.9/s}").Value!.Value, 0.9, 1);
    }

    private static SimulationConfig Load(string thresholds, params string[] sets) =>
        ConfigurationLoader.Load(new ConfigurationSources { Sets = [$"thresholds={thresholds}", "chaos.enabled=true", "chaos.events=[worker_crash]", "chaos.interval=1s-2s", .. sets] }).Config;

    private static Threshold Parse(string yaml) => Assert.Single(Load($"[{yaml}]").Thresholds);

    private ThresholdResult Judge(string yaml)
    {
        var check = new ThresholdCheck(Parse(yaml));
        var series = new SeriesFold(second => check.Add(new SecondView(second, null, null)));
        using var tail = new LiveTail(_store, series);
        tail.Finish();
        series.Close();
        return check.Conclude([], Start);
    }

    private static void Each(int seconds, Action<RunSecond, SecondView> each)
    {
        var store = new MemoryHistoryStore("run");
        using HistoryWriter coordinator = store.Create("coordinator", ParticipantKind.Coordinator);
        coordinator.PhaseChanged(Start, RunPhase.Running);
        coordinator.Heartbeat(Start + TimeSpan.FromSeconds(seconds - 1));
        var series = new SeriesFold(second => each(second, new SecondView(second, null, null)));
        using var tail = new LiveTail(store, series);
        tail.Finish();
        series.Close();
    }

    private void Tell(Action<HistoryWriter> story)
    {
        using HistoryWriter coordinator = _store.Create("coordinator", ParticipantKind.Coordinator);
        coordinator.PhaseChanged(Start, RunPhase.Running);
        using HistoryWriter producer = _store.Create("producer-1", ParticipantKind.Producer);
        story(producer);
    }

    /// <summary>A message a second.</summary>
    private static void Send(HistoryWriter producer, int seconds, Func<int, int> milliseconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            var message = new MessageId(0, second);
            DateTimeOffset sent = Start + TimeSpan.FromSeconds(second) + TimeSpan.FromMilliseconds(10);
            producer.Intent(sent, message, second, sent, 1, 128, 7);
            producer.Acknowledged(sent + TimeSpan.FromMilliseconds(milliseconds(second)), message, (ulong)second + 1, duplicate: false);
        }
    }
}
