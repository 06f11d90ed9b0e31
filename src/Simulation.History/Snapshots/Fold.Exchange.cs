using Simulation.History.Snapshots;

namespace Simulation.History;

/// <content>Everything that a fold remembers, to be kept or taken up again. What is added to the fold is added here, and the version grows.</content>
public sealed partial class Fold
{
    internal void Exchange(FoldArchive archive)
    {
        ExchangeRun(archive);
        ExchangeParticipants(archive);
        Progress.Exchange(archive);
        PublishLatency.Exchange(archive);
        EndToEndLatency.Exchange(archive);
        ExchangeIncidents(archive);
        ExchangeFaults(archive);
        _acknowledgedAt.Exchange(archive);
        _deliveredAt.Exchange(archive);
        _storedAt.Exchange(archive);
        _corruptAt.Exchange(archive);
        ExchangePartitions(archive);
    }

    private void ExchangeRun(FoldArchive archive)
    {
        (long records, long time, long deliveries, long redeliveries) = (Records, Time, Deliveries, Redeliveries);
        archive.Exchange(ref records);
        archive.Exchange(ref time);
        archive.Exchange(ref deliveries);
        archive.Exchange(ref redeliveries);
        archive.Exchange(ref _storedRecords);
        archive.Exchange(ref _streamCreated);
        (Records, Time, Deliveries, Redeliveries) = (records, time, deliveries, redeliveries);

        (bool once, bool ordered, bool exclusive) = (Guarantees.EffectivelyOnce, Guarantees.Ordered, Guarantees.Exclusive);
        archive.Exchange(ref once);
        archive.Exchange(ref ordered);
        archive.Exchange(ref exclusive);
        Guarantees = new Guarantees { EffectivelyOnce = once, Ordered = ordered, Exclusive = exclusive };

        (string? cutShortBy, string? drainProblem, string? readProblem) = (CutShortBy, DrainProblem, ReadProblem);
        (bool drainFinished, bool readCompleted) = (DrainFinished, ReadCompleted);
        archive.ExchangeOptional(ref cutShortBy);
        archive.Exchange(ref drainFinished);
        archive.ExchangeOptional(ref drainProblem);
        archive.Exchange(ref readCompleted);
        archive.ExchangeOptional(ref readProblem);
        (CutShortBy, DrainProblem, ReadProblem) = (cutShortBy, drainProblem, readProblem);
        (DrainFinished, ReadCompleted) = (drainFinished, readCompleted);
    }

    private void ExchangeParticipants(FoldArchive archive)
    {
        int count = archive.Count(_participants.Count);
        for (int i = 0; i < count; i++)
        {
            string name = archive.IsReading ? "" : _participants[i];
            archive.Exchange(ref name);
            Participant(name);
        }
    }

    private void ExchangeIncidents(FoldArchive archive)
    {
        int count = archive.Count(ServerIncidents.Count);
        for (int i = 0; i < count; i++)
        {
            ServerIncident incident = archive.IsReading ? new ServerIncident(default, "", default) : ServerIncidents[i];
            (long at, string what, long away) = (incident.At.UtcTicks, incident.What, incident.Away.Ticks);
            archive.Exchange(ref at);
            archive.Exchange(ref what);
            archive.Exchange(ref away);
            if (archive.IsReading)
            {
                ServerIncidents.Add(new ServerIncident(new DateTimeOffset(at, TimeSpan.Zero), what, new TimeSpan(away)));
            }
        }
    }

    private void ExchangeFaults(FoldArchive archive)
    {
        long[] numbers = [.. Faults.Keys];
        int count = archive.Count(numbers.Length);
        for (int i = 0; i < count; i++)
        {
            long number = archive.IsReading ? 0 : numbers[i];
            archive.Exchange(ref number);
            FaultState fault = archive.IsReading ? new FaultState("") : Faults[number];
            fault.Exchange(archive);
            Faults[number] = fault;
        }
    }

    private void ExchangePartitions(FoldArchive archive)
    {
        (int Partition, PartitionState State)[] there = [.. Partitions()];
        int count = archive.Count(there.Length);
        for (int i = 0; i < count; i++)
        {
            int partition = archive.IsReading ? 0 : there[i].Partition;
            archive.Exchange(ref partition);
            Partition(partition).Exchange(archive);
        }
    }
}
