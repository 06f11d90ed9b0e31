using Simulation.Nats.Embedded;
using Xunit;

namespace Simulation.TestServers;

/// <summary>The server series that are supported, as theory data and as what the locator is asked for.</summary>
public static class TestServerVersions
{
    public const string V29 = "2.9";
    public const string V210 = "2.10";
    public const string V215 = "2.15";

    public static readonly IReadOnlyList<string> Series = [V29, V210, V215];

    private static readonly Dictionary<string, Lazy<Task<NatsServerBinary>>> Located = Series.ToDictionary(
        version => version,
        version => new Lazy<Task<NatsServerBinary>>(() => new NatsServerLocator().LocateAsync(RequestedVersion.Parse(version))));

    /// <summary>For <c>MemberData</c>.</summary>
    public static IEnumerable<object[]> All => Series.Select(series => new object[] { series });

    /// <summary>The binary, found or fetched once per test process; skips the test, with the reason, when it cannot be had.</summary>
    public static async Task<NatsServerBinary> LocateAsync(string version)
    {
        try
        {
            return await Located[version].Value;
        }
        catch (NatsServerNotFoundException error)
        {
            throw new SkipException($"nats-server {version} cannot be had on this machine: {error.Message}");
        }
    }
}
