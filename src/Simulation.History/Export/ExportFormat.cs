namespace Simulation.History;

public enum ExportFormat
{
    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>RFC 4180, with a header line.</summary>
    Csv,

    /// <summary>Operations as Jepsen writes them, for Elle and Knossos.</summary>
    Edn,
}
