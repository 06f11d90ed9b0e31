namespace Simulation.History;

/// <summary>Reads one participant's log, record by record, also while it is written.</summary>
public sealed class HistoryReader : IDisposable
{
    private readonly ILogSegments _segments;

    internal HistoryReader(ILogSegments segments, string participant)
    {
        _segments = segments;
        Participant = participant;
    }

    public string Participant { get; }

    public void Dispose() => _segments.Open(0)?.Dispose();
}
