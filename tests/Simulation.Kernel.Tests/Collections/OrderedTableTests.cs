namespace Simulation.Kernel.Tests.Collections;

public sealed class OrderedTableTests
{
    [Fact]
    public void InOrder_AddedInAnyOrder_IsInTheOrderOfTheKeys()
    {
        var table = new OrderedTable<string, int>(StringComparer.Ordinal);
        foreach (string key in (string[])["b", "a", "C"])
        {
            table.Add(key, key[0]);
        }

        Assert.Equal(['C', 'a', 'b'], table.InOrder);
        Assert.Equal((3, 'b'), (table.Count, table.Find("b")));
        Assert.Equal(0, table.Find("B"));
        Assert.Throws<ArgumentException>(() => table.Add("b", 0));
    }

    [Fact]
    public void InOrder_ChangedWhileWalkedThrough_GoesOnWithWhatWasThere()
    {
        var table = new OrderedTable<int, int>();
        for (int key = 1; key <= 4; key++)
        {
            table.Add(key, key);
        }

        var seen = new List<int>();
        foreach (int value in table.InOrder)
        {
            seen.Add(value);
            Assert.True(table.Remove(value, out int removed));
            Assert.Equal(value, removed);
        }

        Assert.Equal([1, 2, 3, 4], seen);
        Assert.Empty(table.InOrder);
        Assert.False(table.Remove(1, out _));
    }
}
