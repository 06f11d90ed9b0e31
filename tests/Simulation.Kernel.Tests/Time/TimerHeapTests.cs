namespace Simulation.Kernel.Tests.Time;

public sealed class TimerHeapTests
{
    private sealed class Target : ITimerTarget
    {
        public void OnTimer(int token)
        {
        }
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 5_000)]
    [InlineData(3, 20_000)]
    public void TryTake_RandomStartsAndCancels_SameAsASortedList(ulong seed, int count)
    {
        RandomStream random = RandomStream.Derive(seed, "heap");
        TimerHeap heap = new();
        Target target = new();
        Dictionary<int, (long At, TimerHandle Handle)> expected = [];
        for (int i = 0; i < count; i++)
        {
            long at = random.Next(count / 4);       // many ties
            expected.Add(i, (at, heap.Add(at, target, i)));
            if (random.Next(10) < 6)
            {
                int victim = random.Next(i + 1);
                if (expected.Remove(victim, out (long At, TimerHandle Handle) cancelled))
                {
                    heap.Cancel(cancelled.Handle);
                    heap.Cancel(cancelled.Handle);
                }
            }
        }

        Assert.Equal(expected.Count, heap.Count);
        List<int> taken = [];
        while (heap.TryTake(long.MaxValue, out DueTimer due))
        {
            Assert.Equal(expected[due.Token].At, due.At);
            taken.Add(due.Token);
        }

        Assert.Equal(expected.OrderBy(pair => pair.Value.At).ThenBy(pair => pair.Key).Select(pair => pair.Key), taken);
    }

    [Fact]
    public void TryTake_NotDue_StaysIn()
    {
        TimerHeap heap = new();
        heap.Add(10, new Target(), 0);

        Assert.False(heap.TryTake(9, out _));
        Assert.Equal(10, heap.NextAt);
        Assert.True(heap.TryTake(10, out _));
        Assert.Equal(long.MaxValue, heap.NextAt);
    }

    [Fact]
    public void Cancel_HandleOfAnEarlierUse_DoesNothing()
    {
        TimerHeap heap = new();
        TimerHandle first = heap.Add(1, new Target(), 0);
        heap.TryTake(1, out _);
        heap.Add(2, new Target(), 1);       // in the same slot

        heap.Cancel(first);
        heap.Cancel(default);

        Assert.True(heap.TryTake(2, out _));
    }
}
