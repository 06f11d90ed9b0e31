using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// Connections to modelled servers in the virtual world, and the places where their faults are put in: the servers themselves and a link
/// for each connection.
/// </summary>
public sealed class ModelConnector : IJetStreamConnector
{
    private readonly ModelHost _host;
    private readonly ModelNetworkOptions _options;
    private readonly List<ModelLink> _links = [];
    private readonly PublishCommands _commands = new();

    /// <summary>Starts the servers that do not run.</summary>
    public ModelConnector(ModelCluster cluster, ActorSystem system, ModelNetworkOptions? options = null)
    {
        if (!system.IsVirtual)
        {
            throw new ArgumentException("A modelled server lives in the virtual world only: create the system with Dispatchers.Virtual(seed).", nameof(system));
        }

        _host = new ModelHost(cluster, system);
        _options = options ?? new ModelNetworkOptions();
        foreach (ModelNode node in cluster.Nodes.Where(node => !node.IsRunning))
        {
            StartServer(node.Number);
        }
    }

    public ModelCluster Server => _host.Cluster;

    /// <summary>One for each connection ever made, in that order.</summary>
    public IReadOnlyList<ModelLink> Links => _links;

    /// <summary>Participants are spread over the servers in the order in which they come.</summary>
    public async ActorTask<IJetStreamConnection> ConnectAsync(string name, IActorRef? observer = null)
    {
        int namesakes = _links.Count(known => known.Name == name);
        string stream = string.Create(CultureInfo.InvariantCulture, $"model/link/{name}/{namesakes}");
        var link = new ModelLink(name, _options, _host.System.Stream(stream));
        int number = _links.Count;
        _links.Add(link);
        var connection = new ModelConnection(_host, link, _options, _commands, number, observer);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A server's process dies; see <see cref="ModelCluster.Kill"/>.</summary>
    public void KillServer(int server = 0) => _host.Stop(Server.Nodes[server], Server.Kill);

    /// <summary>A server's machine dies; see <see cref="ModelCluster.LosePower"/>.</summary>
    public void LoseServerPower(int server = 0) => _host.Stop(Server.Nodes[server], Server.LosePower);

    public void StartServer(int server = 0) => _host.Do(() => Server.Start(Server.Nodes[server], _host.System.Now));

    /// <summary>A server's process stops where it stands.</summary>
    public void PauseServer(int server = 0) => _host.Pause(Server.Nodes[server], _options);

    public void ResumeServer(int server = 0) => _host.Resume(Server.Nodes[server]);

    /// <summary>Cuts a server off from the other servers; its clients stay connected to it.</summary>
    public void IsolateServer(int server) => _host.Do(() => Server.Isolate(Server.Nodes[server], _host.System.Now));

    public void RejoinServer(int server) => _host.Do(() => Server.Rejoin(Server.Nodes[server], _host.System.Now));

    /// <inheritdoc cref="ModelCluster.StepDown"/>
    public bool StepDown(string stream)
    {
        bool done = false;
        _host.Do(() => done = Server.StepDown(stream, _host.System.Now));
        return done;
    }
}
