namespace Simulation.Nats.Embedded;

/// <summary>The releases that this harness is tested with, newest first, and the Debian suites that carried them when this was written.</summary>
internal static class KnownReleases
{
    public static readonly IReadOnlyList<(string Suite, Version Version)> All =
    [
        ("forky", new Version(2, 15, 1)),
        ("trixie", new Version(2, 10, 27)),
        ("bookworm", new Version(2, 9, 10)),
    ];
}
