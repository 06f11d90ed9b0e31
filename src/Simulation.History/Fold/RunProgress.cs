using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>How far a run has come, as its coordinator wrote it down: what the next coordinator has to know when this one dies.</summary>
public sealed class RunProgress
{
    private readonly SortedSet<string> _launched = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _staff = new(StringComparer.Ordinal);
    private long _sentFor;
    private long? _runningSince;
    private long? _staffChangedAt;
    private long? _partitionsChangedAt;

    public RunPhase Phase { get; private set; }

    /// <summary>How often it was resumed.</summary>
    public int Resumptions { get; private set; }

    /// <summary>Everybody who was ever started: each must have a log.</summary>
    public IReadOnlySet<string> Launched => _launched;

    /// <summary>Everybody who was started and not dismissed.</summary>
    public IReadOnlySet<string> Staff => _staff;

    /// <summary>How many partitions are sent to; null when that never changed.</summary>
    public int? Partitions { get; private set; }

    /// <summary>How many were sent to at most; null when that never changed.</summary>
    public int? MostPartitions { get; private set; }

    /// <summary>When somebody was added to the staff, or taken from it; null when nobody ever was.</summary>
    public DateTimeOffset? StaffChangedAt => Time(_staffChangedAt);

    /// <summary>When partitions were added or retired; null when they never were.</summary>
    public DateTimeOffset? PartitionsChangedAt => Time(_partitionsChangedAt);

    /// <summary>For how long messages had been sent then; the time in which the coordinator was dead does not count.</summary>
    /// <param name="time">In microseconds since 1970; not before the last record of the coordinator.</param>
    public TimeSpan SentFor(long time) => TimeSpan.FromMicroseconds(_sentFor + (_runningSince is { } since ? time - since : 0));

    internal void Apply(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Launched:
                _launched.Add(record.Text ?? "");
                _staffChangedAt = _staff.Add(record.Text ?? "") ? record.Time : _staffChangedAt;
                break;
            case RecordType.Dismissed:
                _staffChangedAt = _staff.Remove(record.Text ?? "") ? record.Time : _staffChangedAt;
                break;
            case RecordType.Resumed:
                Resumptions++;
                (_sentFor, _runningSince) = (record.A, null);
                break;
            case RecordType.PartitionsChanged:
                Partitions = (int)record.A;
                MostPartitions = Math.Max(MostPartitions ?? 0, (int)record.A);
                _partitionsChangedAt = record.Time;
                break;
            case RecordType.PhaseChanged:
                Enter(record.Phase, record.Time);
                break;
        }
    }

    internal void Exchange(FoldArchive archive)
    {
        (int phase, int resumptions, long partitions, long mostPartitions) = ((int)Phase, Resumptions, Partitions ?? 0, MostPartitions ?? 0);
        archive.Exchange(ref phase);
        archive.Exchange(ref resumptions);
        archive.Exchange(ref partitions);
        archive.Exchange(ref mostPartitions);
        archive.Exchange(ref _sentFor);
        archive.Exchange(ref _runningSince);
        if (archive.Version > FoldSnapshot.WithoutTimesOfChanges)
        {
            archive.Exchange(ref _staffChangedAt);
            archive.Exchange(ref _partitionsChangedAt);
        }

        Exchange(archive, _launched);
        Exchange(archive, _staff);
        (Phase, Resumptions) = ((RunPhase)phase, resumptions);
        (Partitions, MostPartitions) = (partitions == 0 ? null : (int)partitions, mostPartitions == 0 ? null : (int)mostPartitions);
    }

    private static void Exchange(FoldArchive archive, SortedSet<string> names)
    {
        string[] there = [.. names];
        int count = archive.Count(there.Length);
        for (int i = 0; i < count; i++)
        {
            string name = archive.IsReading ? "" : there[i];
            archive.Exchange(ref name);
            names.Add(name);
        }
    }

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } time ? UnixMicroseconds.ToTime(time) : null;

    private void Enter(RunPhase phase, long time)
    {
        Phase = phase;
        _sentFor += _runningSince is { } since ? time - since : 0;
        _runningSince = phase == RunPhase.Running ? time : null;
    }
}
