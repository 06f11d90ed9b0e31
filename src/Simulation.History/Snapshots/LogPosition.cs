namespace Simulation.History;

/// <summary>Up to where a log is folded: the last record of it that is, known again by its checksum.</summary>
/// <param name="Participant">Whose log.</param>
/// <param name="Segment">Where the record is.</param>
/// <param name="Offset">Its first byte there.</param>
/// <param name="Checksum">Its own, as the log has it.</param>
/// <param name="Time">Of the latest record so far, in microseconds since 1970.</param>
public sealed record LogPosition(string Participant, int Segment, long Offset, uint Checksum, long Time)
{
    internal RecordPlace Place => new(Segment, Offset, Checksum);
}
