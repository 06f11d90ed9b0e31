using FsCheck;
using FsCheck.Fluent;

namespace Simulation.History.Tests.Fold;

public sealed class SequenceSetTests
{
    [Fact]
    public void Add_InAnyOrder_AgreesWithANaiveSet() => Prop.ForAll(Gen.Choose(0, 20_000).ArrayOf().ToArbitrary(), values =>
    {
        var set = new SequenceSet();
        var naive = new HashSet<int>();
        return values.All(value => set.Add((ulong)value) == naive.Add(value)) && set.Count == naive.Count
            && values.All(value => set.Contains((ulong)value));
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Add_WholeBlocks_AreRememberedWhenTheyAreFull()
    {
        var set = new SequenceSet();
        for (ulong i = 0; i < 10_000; i++)
        {
            Assert.True(set.Add(i));
        }

        Assert.False(set.Add(17));
        Assert.False(set.Add(9_999));
        Assert.True(set.Contains(4_095));
        Assert.False(set.Contains(10_000));
        Assert.Equal(10_000, set.Count);
    }
}
