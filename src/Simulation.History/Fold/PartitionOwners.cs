using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>Who owns one partition, as far as they said so themselves. More than one at a time is wrong only when both work.</summary>
internal struct PartitionOwners
{
    private Owner[]? _owners;
    private int _count;

    public void Start(int participant, long step)
    {
        End(participant);
        if (_owners is null || _count == _owners.Length)
        {
            Array.Resize(ref _owners, Math.Max(1, _count * 2));
        }

        _owners[_count++] = new Owner(participant, step, Processed: -1);
    }

    public void End(int participant)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_owners![i].Participant == participant)
            {
                _owners[i] = _owners[--_count];
                return;
            }
        }
    }

    /// <returns>
    /// True when another owner has processed since the two ownerships began to overlap. An owner that was killed in silence never ends its
    /// ownership and never processes again: that is no overlap.
    /// </returns>
    public readonly bool Processed(int participant, long step)
    {
        long since = -1;
        for (int i = 0; i < _count; i++)
        {
            if (_owners![i].Participant == participant)
            {
                since = _owners[i].Since;
                _owners[i] = _owners[i] with { Processed = step };
            }
        }

        // Who is no owner at all, or not any more, stands against every owner there is.
        for (int i = 0; i < _count; i++)
        {
            Owner other = _owners![i];
            if (other.Participant != participant && other.Processed > Math.Max(since, other.Since))
            {
                return true;
            }
        }

        return false;
    }

    public void Exchange(FoldArchive archive)
    {
        int count = archive.Count(_count);
        Owner[]? owners = count == 0 ? null : new Owner[count];
        for (int i = 0; i < count; i++)
        {
            (int participant, long since, long processed) = archive.IsReading ? default : _owners![i];
            archive.Exchange(ref participant);
            archive.Exchange(ref since);
            archive.Exchange(ref processed);
            owners![i] = new Owner(participant, since, processed);
        }

        (_owners, _count) = (owners, count);
    }

    private readonly record struct Owner(int Participant, long Since, long Processed);
}
