namespace Simulation.Kernel.Tests.Chance;

public sealed class RandomStreamTests
{
    [Fact]
    public void NextUInt64_ReferenceState_ReferenceNumbers()
    {
        RandomStream random = new(1, 2, 3, 4, null);

        Assert.Equal(
            [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600],
            Enumerable.Range(0, 6).Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void Derive_SeedAndName_DecideTheStream()
    {
        Assert.Equal(First(1, "a"), First(1, "a"));
        Assert.NotEqual(First(1, "a"), First(1, "b"));
        Assert.NotEqual(First(1, "a"), First(2, "a"));

        static ulong First(ulong seed, string name) => RandomStream.Derive(seed, name).NextUInt64();
    }

    [Fact]
    public void Next_AllValuesWithinTheBound_EquallyOften()
    {
        RandomStream random = RandomStream.Derive(1, "next");
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++)
        {
            counts[random.Next(6)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void UniformAndExponential_HaveTheirMeans()
    {
        RandomStream random = RandomStream.Derive(1, "times");
        TimeSpan second = TimeSpan.FromSeconds(1);
        double uniform = Enumerable.Range(0, 50_000).Average(_ => random.Uniform(second, 3 * second).TotalSeconds);
        double exponential = Enumerable.Range(0, 50_000).Average(_ => random.Exponential(second).TotalSeconds);

        Assert.InRange(uniform, 1.98, 2.02);
        Assert.InRange(exponential, 0.98, 1.02);
        Assert.Equal(second, random.Uniform(second, second));
    }

    [Fact]
    public void Shuffle_ThreeItems_AllOrdersOccur()
    {
        RandomStream random = RandomStream.Derive(1, "shuffle");
        Dictionary<string, int> orders = [];
        for (int i = 0; i < 6_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            string order = new(items);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 850, 1_150));
    }
}
