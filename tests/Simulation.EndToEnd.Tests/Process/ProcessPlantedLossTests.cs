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
                - {at: 300ms, event: worker_crash, targets: all, for: 8s}
                - {at: 8500ms, event: worker_crash, targets: all, for: 10m}
            """);
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        string[] settings = ["nats.mode=external", $"nats.url={server.Url}", "simulation.duration=1h", "workers.group.lease_ttl=2s", "checkpointing.enabled=true"];
        var taken = new List<MessageId[]>();

        await using SimulationProcess killed = Run(settings);
        await killed.SaysAsync("running,");
        await killed.HasAsync(1, RecordType.FaultBit); // Nobody is at work now.
        taken.Add(await TakeAwayAsync(killed, server, taken));
        await killed.HasAsync(RunLogs.Count(killed.RunFolder, RecordType.Acknowledged) + LossesEachTime, RecordType.Acknowledged);
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();
        taken.Add(await TakeAwayAsync(killed, server, taken));

        await using SimulationProcess resumed = Run([.. settings, "--resume"]);
        await resumed.SaysAsync("Continuing simulation");
        await resumed.HasAsync(3, RecordType.FaultBit); // The first, the outage, and the second: nobody is at work again.
        taken.Add(await TakeAwayAsync(resumed, server, taken));
        resumed.Signal(Signal.Interrupt);
        await resumed.ExitsAsync(1);

        JsonElement[] violations = [.. File.ReadLines(Path.Combine(resumed.RunFolder, "violations.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        HashSet<MessageId> delivered = DeliveredIn(resumed); // On a machine that stands still for seconds somebody may be at work again before a message is gone.
        Assert.All(taken, together => Assert.Contains(together, message => !delivered.Contains(message)));
        string[] lost = [.. taken.SelectMany(together => together).Where(message => !delivered.Contains(message)).Select(message => $"{message}").Order(StringComparer.Ordinal)];
        Assert.Equal(lost, violations.Select(violation => $"{violation.GetProperty("partition")}.{violation.GetProperty("sequence")}").Order(StringComparer.Ordinal));
        Assert.All(violations, violation => Assert.Equal("lost", violation.GetProperty("class").GetString()));
        Assert.Contains("coordinator_outage: ", resumed.Output);
    }

    /// <summary>The newest that the server has acknowledged, and that nobody has been delivered.</summary>
    private static async Task<MessageId[]> TakeAwayAsync(SimulationProcess run, OtherServer server, List<MessageId[]> before)
    {
        HistoryRecord[] open = Open(run, before);
        while (open.Length < LossesEachTime)
        {
            run.ThrowIfOver();
            open = Open(run, before);
        }

        HistoryRecord[] newest = [.. open.OrderByDescending(record => record.StreamSequence).Take(LossesEachTime)];
        await server.ManageAsync(async connection =>
        {
            foreach (HistoryRecord message in newest)
            {
                Assert.True(await connection.DeleteMessageAsync("EDGE", message.StreamSequence));
            }
        });
        return [.. newest.Select(message => message.Message)];
    }

    private static HistoryRecord[] Open(SimulationProcess run, List<MessageId[]> taken)
    {
        HashSet<MessageId> gone = [.. DeliveredIn(run), .. taken.SelectMany(together => together)];
        return [.. RunLogs.Records(run.RunFolder, RecordType.Acknowledged).Where(record => !gone.Contains(record.Message))];
    }

    private static HashSet<MessageId> DeliveredIn(SimulationProcess run) => [.. RunLogs.Records(run.RunFolder, RecordType.Delivered).Select(record => record.Message)];
}
