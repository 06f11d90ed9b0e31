using System.Runtime.CompilerServices;

namespace Simulation.Benchmarks.Client;

/// <summary>Builds the C client's half of the comparison; not available where gcc or libnats-dev is missing.</summary>
internal static class NatsC
{
    /// <summary>Names a folder that holds usr/include and usr/lib of libnats-dev and its dependencies unpacked, where it is not installed.</summary>
    private const string PrefixVariable = "NATS_C_PREFIX";

    /// <returns>Null, and the reason on standard error, when it cannot be built here.</returns>
    public static PeerClient? Build(string folder)
    {
        string program = Path.Combine(folder, "nats_c");
        List<string> arguments = ["-O2", SourceFile(), "-o", program, "-lnats"];
        string? libraries = null;
        if (Environment.GetEnvironmentVariable(PrefixVariable) is { Length: > 0 } prefix)
        {
            libraries = Path.GetDirectoryName(Directory.GetFiles(Path.Combine(prefix, "usr/lib"), "libnats.so", SearchOption.AllDirectories)[0])!;
            arguments.AddRange([$"-I{prefix}/usr/include", $"-L{libraries}", $"-Wl,-rpath-link,{libraries}"]);
        }

        return PeerClient.TryTool("gcc", arguments, folder, $"No comparison with the C client (install libnats-dev, or unpack it and set {PrefixVariable}):")
            ? new PeerClient("nats.c", program, []) { Libraries = libraries }
            : null;
    }

    private static string SourceFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "nats_c.c");
}
