using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Workload.Tests.Arrivals;

public sealed class ArrivalScheduleTests
{
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    [Fact]
    public void TryTake_EvenArrivals_GivesEachPartitionExactlyItsRate()
    {
        var plan = Plan(partitions: 100, rate: 0.1, producers: 10);

        var taken = TakeAll(plan, OneHour);

        Assert.Equal(36_000, taken.Count);
        Assert.All(taken.CountBy(arrival => arrival.Partition), partition => Assert.Equal(360, partition.Value));
    }

    [Fact]
    public void TryTake_ExponentialWeights_SharesTheTotalByWeight()
    {
        var plan = new WorkloadPlan(
            new WorkloadOptions
            {
                Partitions = new PartitionOptions { Count = 1500, MessageRatePerPartition = 0.01, Distribution = WeightDistribution.Exponential },
            },
            seed: 4);

        var counts = TakeAll(plan, TimeSpan.FromHours(12)).CountBy(arrival => arrival.Partition).ToDictionary();

        Assert.InRange(counts.Values.Sum(), 15 * 43_200 - 1500, 15 * 43_200 + 1500);
        Assert.All(Enumerable.Range(0, 1500), partition =>
            Assert.Equal(plan.RateOf(partition) * 43_200, counts.GetValueOrDefault(partition), tolerance: 1));
    }

    [Fact]
    public void TryTake_RateVariation_FollowsTheCurveToWithinOneMessage()
    {
        var options = Options(partitions: 10, rate: 2, producers: 1) with
        {
            Producers = new ProducerOptions { Count = 1, RateVariation = new RateVariationOptions { Enabled = true } },
        };
        var plan = new WorkloadPlan(options, seed: 9);
        var curve = plan.CreateLoadCurve();
        var schedule = plan.CreateSchedule(0);

        var counts = new int[10];
        for (var minute = 1; minute <= 120; minute++)
        {
            var now = TimeSpan.FromMinutes(minute);
            while (schedule.TryTake(now, out var arrival))
            {
                counts[arrival.Partition]++;
            }

            Assert.All(counts, count => Assert.Equal(2 * curve.LoadAt(now), count, tolerance: 1));
        }
    }

    [Fact]
    public void TryTake_LongRun_DoesNotDrift()
    {
        // A rate of 3 has a period that no tick and no binary fraction can hold.
        var schedule = Plan(partitions: 1, rate: 3, producers: 1).CreateSchedule(0);
        schedule.TryTake(TimeSpan.MaxValue, out var first);

        Arrival last = default;
        while (last.Sequence <= 3 * 100_000)
        {
            Assert.True(schedule.TryTake(TimeSpan.MaxValue, out last));
        }

        Assert.InRange((last.At - first.At - TimeSpan.FromSeconds(100_000)).Ticks, -1, 1);
    }

    [Fact]
    public void TryTake_AfterAStall_GivesWhatWasDueAtItsIntendedTimesAndThenNothing()
    {
        var plan = Plan(partitions: 50, rate: 1, producers: 1);
        var punctual = plan.CreateSchedule(0);
        var stalled = plan.CreateSchedule(0);

        var expected = new List<Arrival>();
        for (var now = TimeSpan.Zero; now <= TimeSpan.FromSeconds(30); now += TimeSpan.FromMilliseconds(1))
        {
            while (punctual.TryTake(now, out var arrival))
            {
                expected.Add(arrival);
            }
        }

        Assert.Equal(expected, TakeUntil(stalled, TimeSpan.FromSeconds(30)));
        Assert.True(stalled.NextAt > TimeSpan.FromSeconds(30));
        Assert.False(stalled.TryTake(TimeSpan.FromSeconds(30), out _));
    }

    [Fact]
    public void TryTake_BeforeTheNextIsDue_GivesNothing()
    {
        var schedule = Plan(partitions: 1, rate: 1, producers: 1).CreateSchedule(0);
        var next = schedule.NextAt!.Value;

        Assert.False(schedule.TryTake(next - TimeSpan.FromTicks(1), out _));
        Assert.True(schedule.TryTake(next, out var arrival));
        Assert.Equal(new Arrival(next, 0, 1), arrival);
    }

    [Fact]
    public void CreateSchedule_ManyPartitions_DoesNotStartThemTogether()
    {
        var firsts = TakeAll(Plan(partitions: 1000, rate: 0.1, producers: 1), TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));

        // Ten seconds are one period: a thousand first messages, a hundred expected in each second.
        Assert.Equal(1000, firsts.Count);
        Assert.All(firsts.CountBy(arrival => (int)arrival.At.TotalSeconds), second => Assert.InRange(second.Value, 60, 140));
    }

    [Fact]
    public void TryTake_AnyPlan_IsOrderedAndNumbersEachPartitionWithoutHoles() => Prop.ForAll(
        (AnyPlan any) =>
        {
            var schedule = any.Plan().CreateSchedule(0);
            var taken = TakeUntil(schedule, TimeSpan.FromSeconds(60));
            return taken.Zip(taken.Skip(1)).All(pair => pair.First.At <= pair.Second.At)
                && taken.GroupBy(arrival => arrival.Partition)
                    .All(group => group.Select(arrival => arrival.Sequence).SequenceEqual(Enumerable.Range(1, group.Count()).Select(n => (long)n)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void CreateSchedule_WithWhatWasTaken_GoesOnWhereTheOldOneStopped() => Prop.ForAll(
        (AnyPlan any, NonNegativeInt stop) =>
        {
            var plan = any.Plan();
            var old = plan.CreateSchedule(0);
            var taken = new long[any.Partitions.Item];
            for (var count = stop.Item; count > 0 && old.TryTake(TimeSpan.MaxValue, out var arrival); count--)
            {
                taken[arrival.Partition] = arrival.Sequence;
            }

            var fresh = plan.CreateSchedule(0, taken);
            return Enumerable.Range(0, 50).All(_ =>
                old.TryTake(TimeSpan.MaxValue, out var expected) && fresh.TryTake(TimeSpan.MaxValue, out var actual) && expected == actual);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ArrivalPattern.Even)]
    [InlineData(ArrivalPattern.Poisson)]
    public void Open_APartitionThatIsAdded_BeginsThereWithItsOwnLoad(ArrivalPattern pattern)
    {
        var schedule = Growing(pattern).CreateSchedule(0);
        TakeUntil(schedule, TimeSpan.FromSeconds(100));

        schedule.Open(2, TimeSpan.FromSeconds(100), after: 0);

        var added = TakeUntil(schedule, TimeSpan.FromSeconds(200)).Where(arrival => arrival.Partition == 2).ToArray();
        Assert.InRange(added.Length, 150, 250); // Two a second.
        Assert.All(added, arrival => Assert.True(arrival.At >= TimeSpan.FromSeconds(100)));
        Assert.Equal(Enumerable.Range(1, added.Length).Select(number => (long)number), added.Select(arrival => arrival.Sequence));
    }

    [Theory]
    [InlineData(ArrivalPattern.Even)]
    [InlineData(ArrivalPattern.Poisson)]
    [InlineData(ArrivalPattern.Unthrottled)]
    public void Close_AndOpenAgain_GoesOnWithTheNextNumberAndMakesNothingUpForTheTimeBetween(ArrivalPattern pattern)
    {
        var schedule = Growing(pattern).CreateSchedule(0);
        long last = TakeUntil(schedule, TimeSpan.FromSeconds(10), most: 100).Last(arrival => arrival.Partition == 1).Sequence;

        schedule.Close(1);
        Assert.DoesNotContain(TakeUntil(schedule, TimeSpan.FromSeconds(50), most: 100), arrival => arrival.Partition == 1);

        schedule.Open(1, TimeSpan.FromSeconds(50), last);
        var again = TakeUntil(schedule, TimeSpan.FromSeconds(60), most: 40).Where(arrival => arrival.Partition == 1).ToArray();
        Assert.InRange(again.Length, 5, 40);
        Assert.Equal(last + 1, again[0].Sequence);
        Assert.True(again[0].At >= TimeSpan.FromSeconds(50));
    }

    /// <summary>By a producer that comes back: it knows from its log what had been taken when the partition was opened, and what has been since.</summary>
    [Theory]
    [InlineData(ArrivalPattern.Even)]
    [InlineData(ArrivalPattern.Poisson)]
    public void Open_WithWhatWasTakenSince_GoesOnWhereTheOldOneStopped(ArrivalPattern pattern)
    {
        WorkloadPlan plan = Growing(pattern);
        var old = plan.CreateSchedule(0);
        old.Close(0);
        old.Close(1);
        old.Open(2, TimeSpan.FromSeconds(7), after: 0);
        var taken = TakeUntil(old, TimeSpan.FromSeconds(30));

        var fresh = plan.CreateSchedule(0, [0, 0, taken[^1].Sequence, 0]);
        fresh.Close(0);
        fresh.Close(1);
        fresh.Open(2, TimeSpan.FromSeconds(7), after: 0);

        Assert.Equal(TakeUntil(old, TimeSpan.FromSeconds(60)), TakeUntil(fresh, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Open_NothingElseIsOpen_GivesItsMessages()
    {
        var schedule = Growing(ArrivalPattern.Even).CreateSchedule(0);
        schedule.Close(0);
        schedule.Close(1);
        Assert.Null(schedule.NextAt);
        Assert.False(schedule.TryTake(TimeSpan.MaxValue, out _));

        schedule.Open(3, TimeSpan.FromSeconds(1), after: 0);
        Assert.True(schedule.TryTake(schedule.NextAt!.Value, out Arrival first));
        Assert.Equal((3, 1L), (first.Partition, first.Sequence));
    }

    /// <summary>One producer, two partitions of two messages a second, and room for two more.</summary>
    private static WorkloadPlan Growing(ArrivalPattern pattern) => new(
        new WorkloadOptions
        {
            Partitions = new PartitionOptions { Count = 2, Most = 4, MessageRatePerPartition = 2 },
            Producers = new ProducerOptions { Count = 1, Arrivals = pattern },
        },
        seed: 5);

    [Fact]
    public void CreateSchedule_OtherNumberOfProducers_LeavesEveryPartitionsTimesAlone()
    {
        var alone = TakeAll(Plan(partitions: 12, rate: 1, producers: 1), TimeSpan.FromMinutes(1));
        var shared = TakeAll(Plan(partitions: 12, rate: 1, producers: 5), TimeSpan.FromMinutes(1));

        Assert.Equal(alone.OrderBy(arrival => (arrival.Partition, arrival.At)), shared.OrderBy(arrival => (arrival.Partition, arrival.At)));
    }

    [Fact]
    public void TryTake_Poisson_ClumpsAsChanceDoes()
    {
        var options = Options(partitions: 1, rate: 10, producers: 1) with
        {
            Producers = new ProducerOptions { Count = 1, Arrivals = ArrivalPattern.Poisson },
        };

        var counts = TakeAll(new WorkloadPlan(options, seed: 6), OneHour).CountBy(arrival => (int)arrival.At.TotalSeconds).ToDictionary();

        // Counts of one second have the mean and the variance 10; evenly spaced ones would have the variance 0.
        var perSecond = Enumerable.Range(0, 3600).Select(second => (double)counts.GetValueOrDefault(second)).ToArray();
        Assert.Equal(10, perSecond.Average(), tolerance: 0.3);
        Assert.Equal(10, perSecond.Average(count => (count - 10) * (count - 10)), tolerance: 1.5);
    }

    [Fact]
    public void TryTake_Unthrottled_GoesRoundThePartitionsWithoutEnd()
    {
        var options = Options(partitions: 3, rate: 1, producers: 1) with
        {
            Producers = new ProducerOptions { Count = 1, Arrivals = ArrivalPattern.Unthrottled },
        };
        var schedule = new WorkloadPlan(options, seed: 1).CreateSchedule(0, [5, 0, 0]);
        var now = TimeSpan.FromSeconds(2);

        var taken = Enumerable.Range(0, 7).Select(_ => schedule.TryTake(now, out var arrival) ? arrival : default);

        Assert.Equal([new(now, 0, 6), new(now, 1, 1), new(now, 2, 1), new(now, 0, 7), new(now, 1, 2), new(now, 2, 2), new(now, 0, 8)], taken);
    }

    [Theory]
    [InlineData(ArrivalPattern.Even)]
    [InlineData(ArrivalPattern.Unthrottled)]
    public void TryTake_ProducerWithoutPartitions_HasNothingToSend(ArrivalPattern arrivals)
    {
        var options = Options(partitions: 1, rate: 1, producers: 2) with { Producers = new ProducerOptions { Count = 2, Arrivals = arrivals } };
        var plan = new WorkloadPlan(options, seed: 1);
        var idle = plan.CreateSchedule(plan.Producers.ProducerOf(0) == 0 ? 1 : 0);

        Assert.Null(idle.NextAt);
        Assert.False(idle.TryTake(TimeSpan.MaxValue, out _));
    }

    private static WorkloadOptions Options(int partitions, double rate, int producers) => new()
    {
        Partitions = new PartitionOptions { Count = partitions, MessageRatePerPartition = rate },
        Producers = new ProducerOptions { Count = producers },
    };

    private static WorkloadPlan Plan(int partitions, double rate, int producers) => new(Options(partitions, rate, producers), seed: 1);

    /// <summary>Everything due before the end, of all producers.</summary>
    private static List<Arrival> TakeAll(WorkloadPlan plan, TimeSpan end) =>
        Enumerable.Range(0, plan.Producers.Ranges.Length)
            .SelectMany(producer => TakeUntil(plan.CreateSchedule(producer), end - TimeSpan.FromTicks(1)))
            .ToList();

    /// <param name="schedule">To take from.</param>
    /// <param name="elapsed">The time.</param>
    /// <param name="most">One that is unthrottled never ends.</param>
    private static List<Arrival> TakeUntil(IArrivalSchedule schedule, TimeSpan elapsed, int most = int.MaxValue)
    {
        var taken = new List<Arrival>();
        while (taken.Count < most && schedule.TryTake(elapsed, out var arrival))
        {
            taken.Add(arrival);
        }

        return taken;
    }

    public sealed record AnyPlan(PositiveInt Partitions, ulong Seed, bool Varied, bool Poisson)
    {
        public WorkloadPlan Plan()
        {
            var options = Options(Partitions.Item, rate: 1, producers: 1) with
            {
                Producers = new ProducerOptions
                {
                    Count = 1,
                    Arrivals = Poisson ? ArrivalPattern.Poisson : ArrivalPattern.Even,
                    RateVariation = new RateVariationOptions { Enabled = Varied, RampInterval = TimeSpan.FromSeconds(5) },
                },
            };
            return new WorkloadPlan(options, Seed);
        }
    }
}
