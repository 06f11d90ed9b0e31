using System.Runtime.CompilerServices;

namespace Simulation.Benchmarks.Client;

/// <summary>Installs the Node client's half of the comparison from npm; not available where node or npm is missing.</summary>
internal static class NatsNode
{
    /// <returns>Null, and the reason on standard error, when it cannot be had here.</returns>
    public static PeerClient? Install(string folder)
    {
        string program = Path.Combine(folder, "nats_node.mjs");
        File.Copy(SourceFile(), program);
        return PeerClient.TryTool(
            "npm", ["install", "--no-audit", "--no-fund", "@nats-io/transport-node@3", "@nats-io/jetstream@3"], folder, "No comparison with the Node client:")
            ? new PeerClient("@nats-io/jetstream", "node", [program])
            : null;
    }

    private static string SourceFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "nats_node.mjs");
}
