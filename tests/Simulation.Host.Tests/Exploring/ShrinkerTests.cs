using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Exploring;

namespace Simulation.Host.Tests.Exploring;

/// <summary>What is left of eight faults, where a rule says which of them together do harm: no run at all.</summary>
public sealed class ShrinkerTests
{
    [Fact]
    public void Shrink_OneFaultIsToBlame_LeavesThatOne() => Assert.Equal([5], Shrink(left => left.Contains(5)));

    [Fact]
    public void Shrink_FourTogetherAreToBlame_LeavesThoseFour() => Assert.Equal([1, 2, 5, 6], Shrink(left => left.IsSupersetOf([1, 2, 5, 6])));

    /// <summary>Of 2, 3, 6 and 7 none can be spared alone; without 3 and 7, it happens all the same.</summary>
    [Fact]
    public void Shrink_TwoCanBeSparedOnlyTogether_LeavesTheOthers() => Assert.Equal(
        [2, 6],
        Shrink(left => left.IsSupersetOf([2, 3, 6, 7]) || (left.IsSupersetOf([2, 6]) && !left.Contains(3) && !left.Contains(7))));

    /// <summary>Halves take 0 away first, and then four are needed; who leaves 7 out before comes down to two.</summary>
    [Fact]
    public void Shrink_AnotherOrderComesFurther_IsFound() => Assert.Equal(
        [0, 6],
        Shrink(left => left.IsSupersetOf([2, 3, 6, 7]) || (left.IsSupersetOf([0, 6]) && !left.Contains(7))));

    [Fact]
    public void Shrink_NothingMoreCanBeSpared_EndsWithinItsBound()
    {
        var shrinker = new Shrinker(Run(left => left.IsSupersetOf([0, 1, 2, 3, 4, 5, 6, 7])), _ => { });

        SeedResult smallest = shrinker.Shrink(Run(_ => true)(All));

        Assert.Equal(8, smallest.Case.Faults.Length);
        Assert.InRange(shrinker.Tried, 1, 250);
    }

    private static SeedCase All => new SeedCase(ExploringConfig.Create(sets: "simulation.seed=1"), []).With(
        Enumerable.Range(0, 8).Select(second => new ScheduledFault(TimeSpan.FromSeconds(second), new FaultSettings(FaultKind.KvBucketDelete))));

    private static int[] Shrink(Func<IImmutableSet<int>, bool> isHarm) =>
        [.. Left(new Shrinker(Run(isHarm), _ => { }).Shrink(Run(isHarm)(All)).Case)];

    private static ImmutableSortedSet<int> Left(SeedCase seedCase) => [.. seedCase.Faults.Select(fault => (int)fault.At.TotalSeconds)];

    private static Func<SeedCase, SeedResult> Run(Func<IImmutableSet<int>, bool> isHarm) => seedCase => new SeedResult
    {
        Case = seedCase,
        Outcome = isHarm(Left(seedCase)) ? SeedOutcome.Violated : SeedOutcome.Passed,
        Classes = isHarm(Left(seedCase)) ? ["lost"] : [],
        Simulated = TimeSpan.Zero,
        Steps = 0,
        TraceHash = 0,
        Coverage = new Coverage(),
    };
}
