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
    /// <returns>1, or 0 when it was down already.</returns>
    public ModelEffect KillServer(int server = 0) => Down(server, Server.Kill, "was killed");

    /// <summary>A server's machine dies; see <see cref="ModelCluster.LosePower"/>.</summary>
    /// <inheritdoc cref="KillServer"/>
    public ModelEffect LoseServerPower(int server = 0) => Down(server, Server.LosePower, "lost power");

    /// <summary>A server's process ends in order.</summary>
    /// <inheritdoc cref="KillServer"/>
    public ModelEffect StopServer(int server = 0) => Down(server, Server.Stop, "ended in order");

    public ModelEffect StartServer(int server = 0)
    {
        ModelNode node = Server.Nodes[server];
        _host.Do(() => Server.Start(node, _host.System.Now));
        return new ModelEffect(node.Incarnation, $"{node.Name} runs for the {node.Incarnation}. time");
    }

    /// <summary>A server's process stops where it stands.</summary>
    public ModelEffect PauseServer(int server = 0)
    {
        ModelNode node = Server.Nodes[server];
        _host.Pause(node, _options);
        return new ModelEffect(node.IsPaused ? 1 : 0, node.IsPaused ? $"{node.Name} stands still" : $"{node.Name} does not run");
    }

    /// <returns>How much was waiting for it.</returns>
    public ModelEffect ResumeServer(int server = 0)
    {
        long held = _host.Resume(Server.Nodes[server]);
        return new ModelEffect(held, $"{held} messages had waited for {Server.Nodes[server].Name}");
    }

    /// <summary>Cuts a server off from the other servers; its clients stay connected to it.</summary>
    /// <returns>From how many.</returns>
    public ModelEffect IsolateServer(int server)
    {
        ModelNode node = Server.Nodes[server];
        int others = Server.Nodes.Count(other => other != node && node.Reaches(other));
        _host.Do(() => Server.Isolate(node, _host.System.Now));
        return new ModelEffect(others, $"{node.Name} was cut off from {others} other servers");
    }

    public void RejoinServer(int server) => _host.Do(() => Server.Rejoin(Server.Nodes[server], _host.System.Now));

    /// <inheritdoc cref="ModelCluster.StepDown"/>
    public bool StepDown(string stream)
    {
        bool done = false;
        _host.Do(() => done = Server.StepDown(stream, _host.System.Now));
        return done;
    }

    /// <summary>Leaves a server no room for what file streams are sent, until <see cref="FreeDisk"/>.</summary>
    public void FillDisk(int server = 0) => Server.Nodes[server].IsDiskFull = true;

    /// <returns>How many publishes it has refused since it began to run out of room.</returns>
    public ModelEffect FreeDisk(int server = 0)
    {
        ModelNode node = Server.Nodes[server];
        long refused = node.RefusedPublishes;
        node.RefusedPublishes = 0;
        node.IsDiskFull = false;
        return new ModelEffect(refused, $"{node.Name} refused {refused} publishes");
    }

    /// <inheritdoc cref="ModelCluster.DamageBlock"/>
    public ModelEffect DamageBlock(int server, string stream, double at)
    {
        long messages = Server.DamageBlock(Server.Nodes[server], stream, at);
        return new ModelEffect(messages, $"{messages} messages of {stream} cannot be read on {Server.Nodes[server].Name}");
    }

    /// <inheritdoc cref="ModelCluster.DamageMeta"/>
    public ModelEffect DamageMeta(int server, string stream)
    {
        long messages = Server.DamageMeta(Server.Nodes[server], stream);
        return new ModelEffect(messages, $"{Server.Nodes[server].Name} does not know {stream} with its {messages} messages any more");
    }

    /// <inheritdoc cref="ModelCluster.DamageConsumers"/>
    public ModelEffect DamageConsumers(int server, string stream)
    {
        int consumers = Server.DamageConsumers(Server.Nodes[server], stream);
        return new ModelEffect(consumers, $"{consumers} consumers of {stream} begin anew on {Server.Nodes[server].Name}");
    }

    private ModelEffect Down(int server, Action<ModelNode, DateTimeOffset> stop, string what)
    {
        ModelNode node = Server.Nodes[server];
        bool ran = node.IsRunning;
        int lost = _host.Stop(node, stop);
        return new ModelEffect(ran ? 1 : 0, ran ? $"{node.Name} {what}; {lost} connections were lost with it" : $"{node.Name} was not running");
    }
}
