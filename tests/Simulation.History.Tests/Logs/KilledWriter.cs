namespace Simulation.History.Tests.Logs;

/// <summary>A process that appends as fast as it can and says what it has appended, until it is killed.</summary>
internal static class KilledWriter
{
    public static int Run(string[] args)
    {
        if (args is not ["write-until-killed", string folder])
        {
            return 64;
        }

        var store = new FileHistoryStore(folder, "run");
        HistoryWriter writer = store.Create("producer-1", ParticipantKind.Producer);
        using Stream said = Console.OpenStandardOutput();
        Span<byte> number = stackalloc byte[sizeof(long)];
        for (long sequence = 1; ; sequence++)
        {
            writer.Intent(DateTimeOffset.UnixEpoch, new MessageId(0, sequence), sequence, DateTimeOffset.UnixEpoch, 1, 128, 7);
            if (sequence % 64 == 0)
            {
                BitConverter.TryWriteBytes(number, sequence);
                said.Write(number);
            }
        }
    }
}
