using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Embedded;

/// <summary>Where a binary is found. The binaries here are scripts that only know their version.</summary>
public sealed class NatsServerLocatorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LocateAsync_ExplicitPathMissing_NamesItAndTheRemedy()
    {
        var locator = new NatsServerLocator(Options() with { ExplicitPath = "/nowhere/nats-server" });

        var error = await Assert.ThrowsAsync<NatsServerNotFoundException>(() => locator.LocateAsync(RequestedVersion.Any));

        Assert.Contains("/nowhere/nats-server, which does not exist. Correct the path", error.Message);
    }

    [Fact]
    public async Task LocateAsync_ExplicitPathOfAnotherVersion_IsRefused()
    {
        var locator = new NatsServerLocator(Options() with { ExplicitPath = await ScriptAsync("mine", "2.10.27") });

        var error = await Assert.ThrowsAsync<NatsServerNotFoundException>(() => locator.LocateAsync(RequestedVersion.Parse("2.15")));

        Assert.Contains("is nats-server 2.10.27; 2.15 was asked for", error.Message);
    }

    [Fact]
    public async Task LocateAsync_ExplicitPathIsSomethingElse_IsRefused()
    {
        var locator = new NatsServerLocator(Options() with { ExplicitPath = "/bin/sh" });

        var error = await Assert.ThrowsAsync<NatsServerNotFoundException>(() => locator.LocateAsync(RequestedVersion.Any));

        Assert.Contains("/bin/sh is not a nats-server", error.Message);
    }

    [Fact]
    public async Task LocateAsync_PathBeforeCacheBeforeFetch_TakesTheFirstThatMatches()
    {
        string onPath = await ScriptAsync("path", "2.10.27");
        await ScriptAsync("cache/2.9.10", "2.9.10");
        await ScriptAsync("cache/2.9.25", "2.9.25");
        var source = new FakeSource("2.15.1");
        var locator = new NatsServerLocator(Options(source) with { SearchPath = Path.GetDirectoryName(onPath)! });

        NatsServerBinary any = await locator.LocateAsync(RequestedVersion.Any);
        NatsServerBinary cached = await locator.LocateAsync(RequestedVersion.Parse("2.9"));
        NatsServerBinary fetched = await locator.LocateAsync(RequestedVersion.Parse("2.15"));

        Assert.Equal((NatsServerOrigin.Path, onPath), (any.Origin, any.Path));
        Assert.Equal((NatsServerOrigin.Cache, new Version(2, 9, 25)), (cached.Origin, cached.Version));
        Assert.Equal((NatsServerOrigin.Fetched, new Version(2, 15, 1)), (fetched.Origin, fetched.Version));
    }

    [Fact]
    public async Task LocateAsync_ManyAtOnce_FetchOnce()
    {
        var source = new FakeSource("2.15.1");
        NatsServerLocatorOptions options = Options(source);

        NatsServerBinary[] found = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => new NatsServerLocator(options).LocateAsync(RequestedVersion.Any)));

        Assert.Equal(1, source.Fetches);
        Assert.Single(found.Select(binary => binary.Path).Distinct());
        Assert.Equal(["2.15.1"], Directory.EnumerateDirectories(options.CacheFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task LocateAsync_LeftoversOfAKilledFetch_AreRemoved()
    {
        NatsServerLocatorOptions options = Options(new FakeSource("2.15.1"));
        Directory.CreateDirectory(Path.Combine(options.CacheFolder, ".fetch-abandoned", "apt-0"));

        await new NatsServerLocator(options).LocateAsync(RequestedVersion.Any);

        Assert.Equal(["2.15.1"], Directory.EnumerateDirectories(options.CacheFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task LocateAsync_CachedFileDoesNotRun_IsFetchedAnew()
    {
        await ScriptAsync("cache/2.15.1", "not a version");

        NatsServerBinary found = await new NatsServerLocator(Options(new FakeSource("2.15.1"))).LocateAsync(RequestedVersion.Any);

        Assert.Equal((NatsServerOrigin.Fetched, new Version(2, 15, 1)), (found.Origin, found.Version));
    }

    [Fact]
    public async Task LocateAsync_FirstSourceFails_AsksTheNext()
    {
        var locator = new NatsServerLocator(Options(new FakeSource(null), new FakeSource("2.15.1")));

        Assert.Equal(NatsServerOrigin.Fetched, (await locator.LocateAsync(RequestedVersion.Any)).Origin);
    }

    [Fact]
    public async Task LocateAsync_NothingAnywhere_SaysWhatWasTriedAndWhatToDo()
    {
        var locator = new NatsServerLocator(Options(new FakeSource(null)));

        var error = await Assert.ThrowsAsync<NatsServerNotFoundException>(() => locator.LocateAsync(RequestedVersion.Any));

        Assert.Contains("a shelf: sold out", error.Message);
        Assert.Contains("set nats.server_path", error.Remedy);
    }

    [Fact]
    public async Task LocateAsync_CacheFolderIsAFile_SaysSo()
    {
        NatsServerLocatorOptions options = Options(new FakeSource("2.15.1"));
        await File.WriteAllTextAsync(options.CacheFolder, "");

        var error = await Assert.ThrowsAsync<NatsServerNotFoundException>(() => new NatsServerLocator(options).LocateAsync(RequestedVersion.Any));

        Assert.Contains(options.CacheFolder, error.Problem);
        Assert.Contains("XDG_CACHE_HOME", error.Remedy);
    }

    [SkippableFact]
    public async Task LocateAsync_RealArchive_FetchesWithoutTouchingTheMachine()
    {
        Skip.IfNot(DebianArchive.IsAvailable, "This machine has no apt.");
        var locator = new NatsServerLocator(Options(new AptArchive()));
        try
        {
            NatsServerBinary found = await locator.LocateAsync(RequestedVersion.Parse(TestServerVersions.V29));
            Assert.Equal(NatsServerOrigin.Fetched, found.Origin);
        }
        catch (NatsServerNotFoundException error) when (error.Message.Contains("Failed to fetch", StringComparison.Ordinal))
        {
            throw new SkipException($"The archive cannot be reached from here: {error.Message}");
        }
    }

    private NatsServerLocatorOptions Options(params INatsServerSource[] sources) =>
        new() { SearchPath = "", CacheFolder = Path.Combine(_folder.Path, "cache"), Sources = sources };

    private Task<string> ScriptAsync(string folder, string version) => FakeBinary.WriteAsync(Path.Combine(_folder.Path, folder), version);

    /// <summary>Gives a script of one version, or is sold out.</summary>
    private sealed class FakeSource(string? version) : INatsServerSource
    {
        private int _fetches;

        public int Fetches => _fetches;

        public string Name => "a shelf";

        public Task<string> FetchAsync(RequestedVersion requested, string folder, IProgress<string> progress, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _fetches);
            return version is null ? throw new NatsServerFetchException("sold out") : FakeBinary.WriteAsync(Path.Combine(folder, "taken"), version);
        }
    }
}
