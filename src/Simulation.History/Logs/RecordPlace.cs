namespace Simulation.History;

/// <summary>Where a record is in its log, and the checksum that it has there.</summary>
internal readonly record struct RecordPlace(int Segment, long Offset, uint Checksum);
