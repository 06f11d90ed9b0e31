using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Host.Run;

/// <summary>What must hold of the server before anything is made there: that it answers, has JetStream, and can do what is asked.</summary>
internal sealed class PreFlight(SimulationConfig config, IJetStreamConnector connector, bool isResumed = false)
{
    private static readonly Version FirstWithManyFilters = new(2, 10);

    /// <exception cref="UserErrorException">It cannot be run there; the message says why and what helps.</exception>
    public async ActorTask CheckAsync()
    {
        IJetStreamConnection connection = await connector.ConnectAsync("pre-flight");
        try
        {
            await CheckJetStreamAsync(connection);
            CheckVersion(connection.Server);
            if (!isResumed)
            {
                await CheckNameIsFreeAsync(connection, config.StreamName());
                await CheckNameIsFreeAsync(connection, $"KV_{GroupBuckets.NameOf(config.Nats.Prefix)}");
            }
        }
        finally
        {
            connection.Abort();
        }
    }

    private static async ActorTask CheckJetStreamAsync(IJetStreamConnection connection)
    {
        try
        {
            await connection.GetAccountAsync();
        }
        catch (JetStreamException refusal)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"{connection.Server.Url} has no JetStream for us: {refusal.Message}. Enable it there (nats-server -js) and for this account, or give another nats.url",
                refusal);
        }
    }

    private void CheckVersion(ServerIdentity server)
    {
        if (config.ConsumerLayout == ConsumerLayout.PerWorker && server.ParsedVersion < FirstWithManyFilters)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"workers.consumers.layout per_worker needs consumers with several filters, which nats-server has since {FirstWithManyFilters}; "
                + $"{server.Url} is {server.Version}. Choose per_partition or per_group, or a newer server");
        }
    }

    private static async ActorTask CheckNameIsFreeAsync(IJetStreamConnection connection, string name)
    {
        if (await connection.GetStreamAsync(name) is { } taken)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"stream {name} is already there (made {taken.Created:u}, {taken.Messages} messages), and a run wants its own. "
                + "Remove it, or choose another nats.prefix");
        }
    }
}
