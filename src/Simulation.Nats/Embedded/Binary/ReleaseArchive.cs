using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Simulation.Nats.Embedded;

/// <summary>
/// The official releases, for every platform that they are built for. A download is unpacked only when its SHA-256 is the one that the
/// release's own list gives.
/// </summary>
public sealed class ReleaseArchive(Uri baseAddress) : INatsServerSource
{
    public static readonly Uri Official = new("https://github.com/nats-io/nats-server/releases/download/");

    public ReleaseArchive()
        : this(Official)
    {
    }

    public string Name => "the official releases";

    public async Task<string> FetchAsync(RequestedVersion version, string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        Version release = Choose(version);
        using var http = new HttpClient { BaseAddress = new Uri(baseAddress, $"v{release}/"), Timeout = TimeSpan.FromMinutes(3) };
        try
        {
            (string asset, string checksum) = FindAsset(await http.GetStringAsync("SHA256SUMS", cancellation), release);
            progress.Report($"Downloading {asset}.");
            string archive = Path.Combine(folder, asset);
            await DownloadAsync(http, asset, archive, cancellation);
            await VerifyAsync(archive, checksum, cancellation);
            return await UnpackAsync(archive, folder, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or InvalidDataException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new NatsServerFetchException($"nats-server {release}: {error.Message}", error);
        }
    }

    private static Version Choose(RequestedVersion version)
    {
        if (version.IsExact)
        {
            return Version.Parse(version.Text);
        }

        return KnownReleases.All.Select(known => known.Version).FirstOrDefault(version.Matches)
            ?? throw new NatsServerFetchException($"no release of {version} is known here; ask for one release, for example {version}.0");
    }

    private static (string Asset, string Checksum) FindAsset(string checksums, Version release)
    {
        string stem = $"nats-server-v{release}-{Platform()}-{Architecture()}";
        Dictionary<string, string> listed = checksums.Split('\n')
            .Select(line => line.Split([' ', '\t', '*', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length == 2)
            .ToDictionary(fields => fields[1], fields => fields[0]);
        foreach (string asset in (string[])[$"{stem}.tar.gz", $"{stem}.zip"])
        {
            if (listed.TryGetValue(asset, out string? checksum))
            {
                return (asset, checksum);
            }
        }

        throw new NatsServerFetchException($"release {release} has no build named {stem}");
    }

    private static string Platform() =>
        OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsFreeBSD() ? "freebsd" : "linux";

    private static string Architecture() => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.Arm => "arm7",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static async Task DownloadAsync(HttpClient http, string asset, string path, CancellationToken cancellation)
    {
        await using Stream body = await http.GetStreamAsync(asset, cancellation);
        await using FileStream file = File.Create(path);
        await body.CopyToAsync(file, cancellation);
    }

    private static async Task VerifyAsync(string path, string checksum, CancellationToken cancellation)
    {
        await using FileStream file = File.OpenRead(path);
        string actual = Convert.ToHexString(await SHA256.HashDataAsync(file, cancellation));
        if (!actual.Equals(checksum, StringComparison.OrdinalIgnoreCase))
        {
            throw new NatsServerFetchException($"{Path.GetFileName(path)} has SHA-256 {actual}, the release's list says {checksum}");
        }
    }

    private static async Task<string> UnpackAsync(string archive, string folder, CancellationToken cancellation)
    {
        string unpacked = Directory.CreateDirectory(Path.Combine(folder, "unpacked")).FullName;
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            ZipFile.ExtractToDirectory(archive, unpacked);
        }
        else
        {
            await using var decompressed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(decompressed, unpacked, overwriteFiles: false, cancellation);
        }

        return Directory.EnumerateFiles(unpacked, NatsServerCache.ExecutableName, SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new NatsServerFetchException($"{Path.GetFileName(archive)} holds no {NatsServerCache.ExecutableName}");
    }
}
