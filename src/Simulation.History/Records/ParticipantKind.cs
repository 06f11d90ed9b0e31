namespace Simulation.History;

/// <summary>What kind of participant keeps a log. The numbers are part of the format.</summary>
public enum ParticipantKind : byte
{
    Other = 0,
    Coordinator = 1,
    Producer = 2,
    Worker = 3,

    /// <summary>Reads the whole stream at the end of a run.</summary>
    Reader = 4,

    Chaos = 5,
    Server = 6,
}
