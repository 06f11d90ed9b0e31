using System.Text.Json;
using Simulation.History;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Messages that somebody takes out of the stream before anybody got them: before the coordinator dies, while it is dead, and after.</summary>
public sealed class ProcessPlantedLossTests : ProcessTest
{
    private const int LossesEachTime = 3;

    [SkippableFact]
    public async Task Resume_MessagesTakenAwayAroundTheOutage_AreFoundOnceEach()
    {
        await File.AppendAllTextAsync(Path.Combine(Folder, "run.yaml"), """

            chaos:
              enabled: true
              warmup: 0s
              quiet_before_end: 0s
              scheduled:
                - {at: 300ms, event: worker_crash, targets: all, for: 4s}
                - {at: 4500ms, event: worker_crash, targets: all, for: 10m}
            """);
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        string[] settings = ["nats.mode=external", $"nats.url={server.Url}", "simulation.duration=6s", "workers.group.lease_ttl=2s", "checkpointing.enabled=true"];
        var taken = new HashSet<MessageId>();

        await using SimulationProcess killed = Run(settings);
        await killed.SaysAsync("running,");
        await killed.HasAsync(1, RecordType.FaultBit); // Nobody is at work now.
        await TakeAwayAsync(killed, server, taken);
        await killed.HasAsync(RunLogs.Count(killed.RunFolder, RecordType.Acknowledged) + LossesEachTime, RecordType.Acknowledged);
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();
        await TakeAwayAsync(killed, server, taken);

        await using SimulationProcess resumed = Run([.. settings, "--resume"]);
        await resumed.SaysAsync("Continuing simulation");
        await resumed.HasAsync(3, RecordType.FaultBit); // The first, the outage, and the second: nobody is at work again.
        await TakeAwayAsync(resumed, server, taken);
        await resumed.ExitsAsync(1);

        JsonElement[] violations = [.. File.ReadLines(Path.Combine(resumed.RunFolder, "violations.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(3 * LossesEachTime, taken.Count);
        Assert.Equal(Enumerable.Repeat("lost", taken.Count), violations.Select(violation => violation.GetProperty("class").GetString()));
        Assert.Equal(
            taken.Select(message => $"{message}").Order(StringComparer.Ordinal),
            violations.Select(violation => $"{violation.GetProperty("partition")}.{violation.GetProperty("sequence")}").Order(StringComparer.Ordinal));
        Assert.Contains("coordinator_outage: ", resumed.Output);
    }

    /// <summary>The newest that the server has acknowledged, and that nobody has been delivered.</summary>
    private static async Task TakeAwayAsync(SimulationProcess run, OtherServer server, HashSet<MessageId> taken)
    {
        HashSet<MessageId> delivered = [];
        HistoryRecord[] open = [];
        while (open.Length < LossesEachTime)
        {
            delivered = [.. RunLogs.Records(run.RunFolder, RecordType.Delivered).Select(record => record.Message)];
            open = [.. RunLogs.Records(run.RunFolder, RecordType.Acknowledged).Where(record => !delivered.Contains(record.Message) && !taken.Contains(record.Message))];
        }

        foreach (HistoryRecord message in open.OrderByDescending(record => record.StreamSequence).Take(LossesEachTime))
        {
            await server.ManageAsync(async connection => Assert.True(await connection.DeleteMessageAsync("EDGE", message.StreamSequence)));
            taken.Add(message.Message);
        }
    }
}
