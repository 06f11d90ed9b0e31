namespace Simulation.History;

/// <summary>Keeps the digest of everybody who writes.</summary>
internal sealed class DigestFold(SortedDictionary<string, ParticipantDigest> digests) : IFoldObserver
{
    public void Folding(in HistoryRecord record, string participant)
    {
        if (record.Type is not (RecordType.Started or RecordType.Intent or RecordType.PartitionOpened or RecordType.PartitionRetired))
        {
            return;
        }

        if (!digests.TryGetValue(participant, out ParticipantDigest? digest))
        {
            digests.Add(participant, digest = new ParticipantDigest());
        }

        digest.Apply(record);
    }
}
