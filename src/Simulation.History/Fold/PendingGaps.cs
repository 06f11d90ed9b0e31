using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>The holes below a partition's highest delivery, and since when they are there.</summary>
internal struct PendingGaps
{
    private Gap[]? _gaps;
    private int _count;

    /// <summary>How many messages are missing.</summary>
    public long Missing { get; private set; }

    public readonly long? OldestSince
    {
        get
        {
            long? oldest = null;
            for (int i = 0; i < _count; i++)
            {
                oldest = Math.Min(oldest ?? long.MaxValue, _gaps![i].Since);
            }

            return oldest;
        }
    }

    public void Open(long first, long last, long now)
    {
        Missing += last - first + 1;
        Append(new Gap(first, last, now));
    }

    public void Heal(long sequence)
    {
        for (int i = 0; i < _count; i++)
        {
            Gap gap = _gaps![i];
            if (sequence < gap.First || sequence > gap.Last)
            {
                continue;
            }

            Missing--;
            _gaps[i] = gap with { Last = sequence - 1 };
            if (sequence < gap.Last)
            {
                Append(gap with { First = sequence + 1 });
            }

            if (sequence == gap.First)
            {
                _gaps[i] = _gaps[--_count];
            }

            if (_count == 0)
            {
                _gaps = null;
            }

            return;
        }
    }

    public void Exchange(FoldArchive archive)
    {
        PendingGaps exchanged = default;
        int count = archive.Count(_count);
        for (int i = 0; i < count; i++)
        {
            (long first, long last, long since) = archive.IsReading ? default : _gaps![i];
            archive.Exchange(ref first);
            archive.Exchange(ref last);
            archive.Exchange(ref since);
            exchanged.Open(first, last, since);
        }

        this = exchanged;
    }

    private void Append(Gap gap)
    {
        if (_gaps is null || _count == _gaps.Length)
        {
            Array.Resize(ref _gaps, Math.Max(2, _count * 2));
        }

        _gaps[_count++] = gap;
    }

    private readonly record struct Gap(long First, long Last, long Since);
}
