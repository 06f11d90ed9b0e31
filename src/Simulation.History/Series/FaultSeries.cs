using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>Which faults are going on, and after which the run is not well yet.</summary>
internal sealed class FaultSeries
{
    private const int AllStages = 3;

    private readonly SortedSet<long> _active = [];
    private readonly SortedDictionary<long, int> _stagesRecovered = [];
    private readonly SortedSet<long> _recovering = [];
    private bool _anyRecovering;

    /// <summary>At one time of this second.</summary>
    public int MostActive { get; private set; }

    /// <summary>At some time of this second.</summary>
    public bool AnyRecovering => _anyRecovering || _recovering.Count > 0;

    public void BeginSecond()
    {
        MostActive = _active.Count;
        _anyRecovering = false;
    }

    public void Apply(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.FaultStarted:
                _active.Add(record.A);
                MostActive = Math.Max(MostActive, _active.Count);
                break;
            case RecordType.FaultEnded:
                _active.Remove(record.A);
                Settle(record.A);
                break;
            case RecordType.FaultRecovered:
                _stagesRecovered[record.A] = _stagesRecovered.GetValueOrDefault(record.A) + 1;
                Settle(record.A);
                break;
        }
    }

    /// <summary>Messages are published that were due long before. After a fault they waited for its end, so that it is not over for who waits for them.</summary>
    public void IsCaughtUpWith() => _anyRecovering |= _stagesRecovered.Count > 0 || _recovering.Count > 0;

    public void Exchange(FoldArchive archive)
    {
        int most = MostActive;
        archive.Exchange(ref most);
        MostActive = most;
        archive.Exchange(ref _anyRecovering);
        Exchange(archive, _active);
        Exchange(archive, _recovering);
        long[] faults = [.. _stagesRecovered.Keys];
        archive.Exchange(ref faults, (ref long fault) => archive.Exchange(ref fault));
        foreach (long fault in faults)
        {
            int stages = _stagesRecovered.GetValueOrDefault(fault);
            archive.Exchange(ref stages);
            _stagesRecovered[fault] = stages;
        }
    }

    private static void Exchange(FoldArchive archive, SortedSet<long> faults)
    {
        long[] there = [.. faults];
        archive.Exchange(ref there, (ref long fault) => archive.Exchange(ref fault));
        faults.UnionWith(there);
    }

    private void Settle(long fault)
    {
        if (_active.Contains(fault))
        {
            return;
        }

        if (_stagesRecovered.GetValueOrDefault(fault) < AllStages)
        {
            _recovering.Add(fault);
        }
        else if (_recovering.Remove(fault))
        {
            _anyRecovering = true;
        }
    }
}
