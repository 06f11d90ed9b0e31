using TheFold = Simulation.History.Fold;

namespace Simulation.History.Tests.Fold;

/// <summary>Alone, because it looks at the whole heap.</summary>
[CollectionDefinition(nameof(FoldMemoryTests), DisableParallelization = true)]
[Collection(nameof(FoldMemoryTests))]
public sealed class FoldMemoryTests
{
    private const int Partitions = 500;

    [Fact]
    public void Apply_MessagesWithoutHoles_TakesUnderTwoKilobytesAPartitionHoweverMany()
    {
        Weigh(1_000); // What is made once is not a partition's.

        Assert.InRange(Weigh(200_000), 1, 2048);
        Assert.InRange(Weigh(1_000_000), 1, 2048);
    }

    private static long Weigh(int messages)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        TheFold fold = Run(messages);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(fold);
        return (after - before) / Partitions;
    }

    private static TheFold Run(int messages)
    {
        ReadOnlySpan<RecordType> life =
            [RecordType.Intent, RecordType.Acknowledged, RecordType.Delivered, RecordType.Processed, RecordType.AckSent, RecordType.Stored];
        var fold = new TheFold();
        for (int i = 0; i < messages; i++)
        {
            foreach (RecordType type in life)
            {
                fold.Apply(new HistoryRecord
                {
                    Type = type, Partition = i % Partitions, Time = i, A = (i / Partitions) + 1, B = i + 1, Count = 1,
                }, participant: 0);
            }
        }

        return fold;
    }
}
