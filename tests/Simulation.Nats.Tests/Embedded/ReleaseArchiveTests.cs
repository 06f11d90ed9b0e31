using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Embedded;

/// <summary>The release archive against a web server of the test's own that is laid out like the official one.</summary>
public sealed class ReleaseArchiveTests : IDisposable
{
    private static readonly RequestedVersion Wanted = RequestedVersion.Parse("9.8.7");
    private static readonly string Stem =
        $"nats-server-v9.8.7-{(OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.X64 ? "amd64" : "arm64")}";

    private readonly TestFolder _folder = new();
    private readonly HttpListener _web = new();
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly ReleaseArchive _archive;

    public ReleaseArchiveTests()
    {
        string address = $"http://127.0.0.1:{FreePort()}/";
        _web.Prefixes.Add(address);
        _web.Start();
        _ = ServeAsync();
        _archive = new ReleaseArchive(new Uri(address));
    }

    public void Dispose()
    {
        _web.Stop();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(".tar.gz")]
    [InlineData(".zip")]
    public async Task FetchAsync_ListedChecksum_GivesTheExecutable(string extension)
    {
        Publish(Stem + extension, await PackAsync(extension));

        string executable = await FetchAsync();

        Assert.Equal("nats-server", Path.GetFileName(executable));
        Assert.Contains("v9.8.7", await File.ReadAllTextAsync(executable));
    }

    [Fact]
    public async Task FetchAsync_OtherChecksum_UnpacksNothing()
    {
        Publish($"{Stem}.tar.gz", await PackAsync(".tar.gz"));
        _files[$"/v9.8.7/{Stem}.tar.gz"][20] ^= 1;

        var error = await Assert.ThrowsAsync<NatsServerFetchException>(FetchAsync);

        Assert.Contains("SHA-256", error.Message);
        Assert.Empty(Directory.EnumerateDirectories(_folder.Path, "unpacked"));
    }

    [Fact]
    public async Task FetchAsync_NoBuildForThisPlatform_SaysSo()
    {
        Publish("nats-server-v9.8.7-plan9-mips.tar.gz", []);

        Assert.Contains($"has no build named {Stem}", (await Assert.ThrowsAsync<NatsServerFetchException>(FetchAsync)).Message);
    }

    [Fact]
    public async Task FetchAsync_NoSuchRelease_SaysSo() =>
        Assert.Contains("404", (await Assert.ThrowsAsync<NatsServerFetchException>(FetchAsync)).Message);

    private Task<string> FetchAsync() => _archive.FetchAsync(Wanted, _folder.Path, new Progress<string>(), CancellationToken.None);

    private void Publish(string asset, byte[] content)
    {
        _files[$"/v9.8.7/{asset}"] = content;
        _files["/v9.8.7/SHA256SUMS"] = Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {asset}\n");
    }

    private async Task<byte[]> PackAsync(string extension)
    {
        string content = Path.Combine(_folder.Path, "content");
        await FakeBinary.WriteAsync(Path.Combine(content, Stem), "9.8.7");
        using var packed = new MemoryStream();
        if (extension == ".zip")
        {
            ZipFile.CreateFromDirectory(content, packed);
        }
        else
        {
            await using var compressed = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            await TarFile.CreateFromDirectoryAsync(content, compressed, includeBaseDirectory: false);
        }

        return packed.ToArray();
    }

    private async Task ServeAsync()
    {
        while (_web.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _web.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            bool found = _files.TryGetValue(context.Request.Url!.AbsolutePath, out byte[]? content);
            context.Response.StatusCode = found ? 200 : 404;
            context.Response.Close(content ?? [], willBlock: false);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
