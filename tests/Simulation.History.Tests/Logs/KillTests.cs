using System.Diagnostics;

namespace Simulation.History.Tests.Logs;

public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("history-kill-").FullName;

    [Fact]
    public void Append_ProcessIsKilled_NothingThatWasAppendedIsMissing()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "exec", typeof(KilledWriter).Assembly.Location, "write-until-killed", _folder },
        };
        using Process process = Process.Start(start)!;
        byte[] last = new byte[sizeof(long)];
        for (int i = 0; i < 400; i++)
        {
            process.StandardOutput.BaseStream.ReadExactly(last); // About 25,000 records, some segments.
        }

        process.Kill();
        while (process.StandardOutput.BaseStream.ReadAtLeast(last, last.Length, throwOnEndOfStream: false) == last.Length)
        {
        }

        process.WaitForExit();
        long said = BitConverter.ToInt64(last);

        using HistoryReader reader = new FileHistoryStore(_folder, "run").Read("producer-1");
        reader.IsFinal = true;
        long expected = 0;
        while (reader.TryRead(out HistoryRecord record))
        {
            Assert.Equal(++expected, record.Sequence);
        }

        Assert.True(expected >= said, $"{said} had been appended, {expected} were found");
        Assert.Empty(reader.Damages);
        Assert.False(reader.IsClosed);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
