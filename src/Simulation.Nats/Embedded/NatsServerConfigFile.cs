using System.Globalization;
using System.Text;

namespace Simulation.Nats.Embedded;

/// <summary>Writes a server's configuration.</summary>
internal static class NatsServerConfigFile
{
    /// <summary>User of a cluster's system account.</summary>
    public const string Administrator = "administrator";

    private const int NobodysPort = 1;

    private static readonly Version FirstWithSyncInterval = new(2, 10);

    public static string Render(EmbeddedNatsServerOptions options, int port, int? monitorPort, string storeFolder)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"server_name: {Quote(options.Name)}\n");
        text.Append(CultureInfo.InvariantCulture, $"listen: \"127.0.0.1:{port}\"\n");
        if (monitorPort is { } monitor)
        {
            text.Append(CultureInfo.InvariantCulture, $"http: \"127.0.0.1:{monitor}\"\n");
        }

        if (options.MaxPayload is { } maxPayload)
        {
            text.Append(CultureInfo.InvariantCulture, $"max_payload: {maxPayload}\n");
        }

        text.Append("jetstream {\n");
        text.Append(CultureInfo.InvariantCulture, $"  store_dir: {Quote(storeFolder)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  max_memory_store: {options.MaxMemory}\n");
        text.Append(CultureInfo.InvariantCulture, $"  max_file_store: {options.MaxFileStorage}\n");
        if (options.SyncInterval is { } interval)
        {
            text.Append(CultureInfo.InvariantCulture, $"  sync_interval: {SyncInterval(options.Binary, interval)}\n");
        }

        text.Append("}\n");
        if (options.Cluster is { } cluster)
        {
            IEnumerable<string> routes = cluster.RoutePorts.Select(route => $"\"nats-route://127.0.0.1:{route}\"");

            // Only there can a leader of the meta group be told to step down. Everybody else goes on without a user, in the global account.
            text.Append(CultureInfo.InvariantCulture, $"accounts {{ $SYS {{ users: [{{ user: {Administrator}, password: {Quote(cluster.AdministratorPassword)} }}] }} }}\n");
            text.Append("cluster {\n");
            text.Append(CultureInfo.InvariantCulture, $"  name: {Quote(cluster.Name)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  listen: \"127.0.0.1:{cluster.Port}\"\n");
            text.Append(CultureInfo.InvariantCulture, $"  routes: [{string.Join(", ", routes)}]\n");
            if (!cluster.Gossip)
            {
                // Members tell each other this address; nobody is there, and they try it once.
                text.Append(CultureInfo.InvariantCulture, $"  advertise: \"127.0.0.1:{NobodysPort}\"\n");
            }

            text.Append("}\n");
        }

        return text.ToString();
    }

    private static string SyncInterval(NatsServerBinary binary, TimeSpan interval)
    {
        if (binary.Version < FirstWithSyncInterval)
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.Unsupported,
                $"nats-server {binary.Version} has no sync_interval. Use nats-server {FirstWithSyncInterval} or later, or leave it out.");
        }

        return interval == TimeSpan.Zero ? "always" : string.Create(CultureInfo.InvariantCulture, $"\"{interval.TotalMilliseconds:0}ms\"");
    }

    private static string Quote(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
