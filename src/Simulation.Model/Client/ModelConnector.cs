using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// Connections to one modelled server in the virtual world, and the places where its faults are put in: the server itself and a link for
/// each connection.
/// </summary>
public sealed class ModelConnector : IJetStreamConnector
{
    private readonly ModelHost _host;
    private readonly ModelNetworkOptions _options;
    private readonly List<ModelLink> _links = [];
    private readonly PublishCommands _commands = new();

    public ModelConnector(ModelServer server, ActorSystem system, ModelNetworkOptions? options = null)
    {
        if (!system.IsVirtual)
        {
            throw new ArgumentException("A modelled server lives in the virtual world only: create the system with Dispatchers.Virtual(seed).", nameof(system));
        }

        _host = new ModelHost(server, system);
        _options = options ?? new ModelNetworkOptions();
        if (!server.IsRunning)
        {
            _host.Start();
        }
    }

    public ModelServer Server => _host.Server;

    /// <summary>One for each connection ever made, in that order.</summary>
    public IReadOnlyList<ModelLink> Links => _links;

    public async ActorTask<IJetStreamConnection> ConnectAsync(string name, IActorRef? observer = null)
    {
        int namesakes = _links.Count(known => known.Name == name);
        string stream = string.Create(CultureInfo.InvariantCulture, $"model/link/{name}/{namesakes}");
        var link = new ModelLink(name, _options, _host.System.Stream(stream));
        _links.Add(link);
        var connection = new ModelConnection(_host, link, _options, _commands, observer);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The server's process dies; see <see cref="ModelServer.Kill"/>.</summary>
    public void KillServer() => _host.Stop(Server.Kill, "the server is gone");

    /// <summary>The server's machine dies; see <see cref="ModelServer.LosePower"/>.</summary>
    public void LoseServerPower() => _host.Stop(Server.LosePower, "the server is gone");

    public void StartServer() => _host.Start();
}
