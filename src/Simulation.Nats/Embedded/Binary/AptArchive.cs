namespace Simulation.Nats.Embedded;

/// <summary>nats-server as <see cref="DebianArchive"/> has it.</summary>
public sealed class AptArchive : INatsServerSource
{
    private const string Package = "nats-server";

    public string Name => "the distribution's archive";

    public async Task<string> FetchAsync(RequestedVersion version, string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        try
        {
            string unpacked = await DebianArchive.UnpackAsync(Package, version, SuitesFor(version), folder, progress, cancellation);
            return DebianArchive.FindExecutable(unpacked, Package) ?? throw new NatsServerFetchException($"its package holds no {Package} executable");
        }
        catch (PackageFetchException error)
        {
            throw new NatsServerFetchException(error.Message, error);
        }
    }

    /// <summary>Every suite of <see cref="KnownReleases"/>, newest first, but the one that is known to carry what was asked for before all others.</summary>
    internal static IEnumerable<string> SuitesFor(RequestedVersion version) =>
        KnownReleases.All.OrderByDescending(known => version.Matches(known.Version)).Select(known => known.Suite);
}
