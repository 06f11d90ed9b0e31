using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Partitioning;

namespace Simulation.Host.Run;

/// <summary>What must hold of the server before anything is made there: that it answers, has JetStream, and can do what is asked.</summary>
internal sealed class PreFlight(SimulationConfig config, IJetStreamConnector connector)
{
    private static readonly Version FirstWithManyFilters = new(2, 10);

    /// <exception cref="UserErrorException">It cannot be run there; the message says why and what helps.</exception>
    public Task CheckAsync(ActorSystem system) => system.RunAsync(async context =>
    {
        IJetStreamConnection connection = await connector.ConnectAsync("pre-flight");
        try
        {
            await connection.GetAccountAsync();
            CheckVersion(connection.Server);
            await CheckStreamIsFreeAsync(connection);
        }
        catch (JetStreamApiException refusal)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"{connection.Server.Url} has no JetStream for us: {refusal.Message}", refusal);
        }
        finally
        {
            connection.Abort();
        }
    });

    private void CheckVersion(ServerIdentity server)
    {
        if (config.ConsumerLayout == ConsumerLayout.PerWorker && server.ParsedVersion < FirstWithManyFilters)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"workers.consumers.layout per_worker needs consumers with several filters, which nats-server has since {FirstWithManyFilters}; "
                + $"{server.Url} is {server.Version}. Choose per_partition or per_group, or a newer server");
        }
    }

    private async ActorTask CheckStreamIsFreeAsync(IJetStreamConnection connection)
    {
        string name = config.StreamName();
        if (await connection.GetStreamAsync(name) is { } taken)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"stream {name} is already there (made {taken.Created:u}, {taken.Messages} messages), and a run wants its own. "
                + "Remove it, or choose another nats.prefix");
        }
    }
}
