namespace Simulation.Host.CommandLine;

/// <summary>What the process answers. Part of the interface: scripts and CI depend on it.</summary>
public enum ExitCode
{
    Passed = 0,
    Violated = 1,
    Inconclusive = 2,

    /// <summary>The command line cannot be understood.</summary>
    Usage = 64,

    /// <summary>The server, a port, a folder or another need is not available.</summary>
    Unavailable = 69,

    /// <summary>A mistake of ours.</summary>
    Internal = 70,

    /// <summary>Stopped before the end.</summary>
    Interrupted = 75,

    Configuration = 78,
    ThresholdMissed = 99,
}

internal static class ExitCodes
{
    /// <summary>Where several of these hold, the first one counts.</summary>
    private static readonly ExitCode[] MostTellingFirst = [ExitCode.Violated, ExitCode.Internal, ExitCode.Inconclusive, ExitCode.ThresholdMissed];

    public static ExitCode Combine(IReadOnlyCollection<ExitCode> codes)
    {
        ExitCode[] telling = [.. MostTellingFirst.Where(codes.Contains)];
        return telling.Length > 0 ? telling[0] : codes.Max();
    }
}
