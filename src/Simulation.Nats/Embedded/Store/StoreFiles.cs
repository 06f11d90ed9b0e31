using System.Collections.Immutable;
using System.Globalization;

namespace Simulation.Nats.Embedded;

/// <summary>Finds the files in which a server keeps a stream.</summary>
public static class StoreFiles
{
    /// <summary>Of one kind, in the order in which they were begun; those that are empty are left out, because nothing in them can be damaged.</summary>
    /// <param name="storeFolder"><see cref="EmbeddedNatsServer.StoreFolder"/>.</param>
    public static ImmutableArray<string> Of(string storeFolder, string stream, StoreFileKind kind)
    {
        string accounts = Path.Combine(storeFolder, "jetstream");
        IEnumerable<string> folders = Directory.Exists(accounts)
            ? Directory.EnumerateDirectories(accounts).Select(account => Path.Combine(account, "streams", stream)).Where(Directory.Exists)
            : [];
        return
        [
            .. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                .Where(file => KindOf(file) == kind && new FileInfo(file).Length > 0)
                .OrderBy(NumberOf).ThenBy(file => file, StringComparer.Ordinal),
        ];
    }

    private static StoreFileKind? KindOf(string file) => (Path.GetFileName(file), Path.GetExtension(file)) switch
    {
        (_, ".blk") => StoreFileKind.Block,
        ("index.db", _) or (_, ".idx" or ".fss") => StoreFileKind.Index,
        ("o.dat", _) => StoreFileKind.Consumer,
        ("meta.inf" or "meta.sum", _) => StoreFileKind.Meta,
        _ => null,
    };

    /// <summary>Blocks are numbered: 10.blk comes behind 9.blk.</summary>
    private static long NumberOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out long number) ? number : 0;
}
