namespace Simulation.Chaos.Tests.Injection;

public sealed class ObservedTests
{
    [Fact]
    public void Together_Several_AreOneLine() => Assert.Equal("worker-0 had no lease; worker-1 is away", Observed.Together(["worker-0 had no lease", "worker-1 is away"]));

    [Fact]
    public void Together_TheSameTwiceAndNothing_AreLeftOut() => Assert.Equal("nobody led", Observed.Together(["nobody led", "", "nobody led"]));

    [Fact]
    public void Together_MoreThanSomebodyReads_AreCounted() => Assert.Equal("a; b; c; and 2 more", Observed.Together(["a", "b", "c", "d", "e"]));

    [Fact]
    public void Together_Nothing_IsNothing() => Assert.Equal("", Observed.Together([]));
}
