namespace Simulation.Partitioning.Tests.Assigning;

public sealed class AssignmentReportTests
{
    [Fact]
    public void Create_RoundRobin_ShowsPerfectCountsAndThatNearlyEverythingMoves()
    {
        var report = AssignmentReport.Create(new RoundRobinStrategy(), Workers.EvenWeights(100), 10);

        Assert.All(report.Workers, share => Assert.Equal((10, 10.0), (share.Units, share.Load)));
        Assert.Equal(1.0, report.Balance);
        Assert.True(report.Join.Fraction > 0.8);
        Assert.Equal(1.0 / 11, report.Join.LeastFraction);
    }

    [Fact]
    public void Create_RealisticWeights_WeightedIsBalancedWherePlainHashingIsNot()
    {
        var weights = Workers.SkewedWeights(1500);
        var plain = AssignmentReport.Create(new ConsistentHashStrategy(new StrategyOptions()), weights, 50);
        var weighted = AssignmentReport.Create(new WeightedConsistentHashStrategy(new StrategyOptions()), weights, 50);

        Assert.True(plain.Balance > 2, $"plain {plain.Balance}");
        Assert.True(weighted.Balance < 1.4, $"weighted {weighted.Balance}");
    }

    [Fact]
    public void Create_OneWorker_HasNobodyWhoCouldLeave() =>
        Assert.Null(AssignmentReport.Create(new RoundRobinStrategy(), Workers.EvenWeights(3), 1).Leave);

    [Fact]
    public void Create_UnknownStrategy_NamesTheChoices() =>
        Assert.Contains("ConsistentHash, WeightedConsistentHash, RoundRobin", Assert.Throws<ArgumentException>(() => AssignmentStrategies.Create("Best", new())).Message);
}
