namespace Simulation.Kernel.Tests.Mailboxes;

public sealed class LocalQueueTests
{
    /// <summary>One item lies elsewhere than the others: nobody may overtake it, however long the queue was before.</summary>
    [Fact]
    public void TryDequeue_AfterAnyComingAndGoing_GivesTheOldest()
    {
        RandomStream chance = RandomStream.Derive(1, "queue");
        var queue = new LocalQueue<int>();
        var expected = new Queue<int>();
        for (int i = 0; i < 10_000; i++)
        {
            if (chance.Next(5) < (i / 100 % 2 == 0 ? 3 : 2))
            {
                queue.Enqueue(i);
                expected.Enqueue(i);
            }
            else
            {
                Assert.Equal(expected.TryDequeue(out int oldest), queue.TryDequeue(out int item));
                Assert.Equal(oldest, item);
            }

            Assert.Equal(expected.Count == 0, queue.IsEmpty);
        }
    }
}
