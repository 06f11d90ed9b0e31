using System.Collections.Immutable;
using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>The contract over sessions to a modelled server, one after the other.</summary>
internal sealed class ModelConnection(
    ModelHost host, ModelLink link, ModelNetworkOptions options, PublishCommands commands, int firstServer, IActorRef? observer) : IOrderedReaderConnection
{
    private readonly List<ModelPull> _pulls = [];
    private readonly List<Promise<bool>> _awaitingConnection = [];
    private ModelNode _server = host.Cluster.Nodes[firstServer % host.Cluster.Nodes.Length];
    private Session? _session;
    private int _lastReader;

    public string Name => link.Name;

    public ConnectionState State { get; private set; } = ConnectionState.Connecting;

    public ServerIdentity Server
    {
        get
        {
            ModelServerOptions server = host.Cluster.Options;
            string? cluster = host.Cluster.IsClustered ? server.Name : null;
            return new ServerIdentity(_server.Name, _server.Name, server.Version.ToString(), cluster, $"model://{_server.Name}", server.MaxPayload);
        }
    }

    public ActorSystem System => host.System;

    /// <summary>Null while there is none.</summary>
    public Session? Session => _session;

    public TimeSpan RequestTimeout => options.RequestTimeout;

    public TimeSpan Uptime => host.System.Uptime;

    public bool IsClosed => State == ConnectionState.Closed;

    /// <summary>When the present session began, if it is not the first.</summary>
    public TimeSpan? ReconnectedAt { get; private set; }

    public async ActorTask OpenAsync()
    {
        string? problem = null;
        for (int i = 0; i < host.Cluster.Nodes.Length; i++)
        {
            Promise<string?> outcome = Promise<string?>.Rent();
            ActorTask<string?> task = outcome.Task;
            TryOpen(attempt: 0, failed: reason => outcome.TrySetResult(reason), opened: () => outcome.TrySetResult(null));
            problem = await task;
            if (problem is null)
            {
                return;
            }
        }

        State = ConnectionState.Closed;
        throw new JetStreamUnavailableException($"{Name} cannot reach {Server.Url}: {problem}");
    }

    public async ActorTask WhenConnectedAsync()
    {
        if (State == ConnectionState.Connected)
        {
            return;
        }

        if (!IsClosed)
        {
            Promise<bool> promise = Promise<bool>.Rent();
            _awaitingConnection.Add(promise);
            if (await promise.Task)
            {
                return;
            }
        }

        throw new JetStreamUnavailableException($"{Name} is closed");
    }

    public ActorTask<PublishOutcome> PublishAsync(in PublishMessage message)
    {
        PublishCommand command = commands.From(message);
        if (_session is not { } session)
        {
            return ActorTask.FromResult(PublishOutcome.Unknown(UnknownReason.NotConnected, "there is no connection; it was not sent"));
        }

        return command.Body.Length > host.Cluster.Options.MaxPayload
            ? ActorTask.FromResult(PublishOutcome.Rejected(10054, "message size exceeds maximum allowed"))
            : new PublishExchange(session, message.Timeout ?? options.PublishTimeout, command).Begin();
    }

    public ActorTask<AccountLimits> GetAccountAsync() => AskAsync("account info", server => server.GetAccount());

    public ActorTask<StreamInfo> CreateStreamAsync(StreamConfig config) => AskAsync("create stream", server => server.CreateStream(config));

    public ActorTask<StreamInfo> UpdateStreamAsync(StreamConfig config) => AskAsync("update stream", server => server.UpdateStream(config));

    public ActorTask<StreamInfo?> GetStreamAsync(string stream) => AskAsync("stream info", server => server.GetStream(stream));

    public ActorTask<bool> DeleteStreamAsync(string stream) => AskAsync("delete stream", server => server.DeleteStream(stream));

    public ActorTask<long> PurgeStreamAsync(string stream, string? subjectFilter = null) =>
        AskAsync("purge stream", server => server.PurgeStream(stream, subjectFilter));

    public ActorTask<ImmutableArray<StreamInfo>> ListStreamsAsync() => AskAsync("list streams", server => server.ListStreams());

    public ActorTask<ConsumerInfo> CreateConsumerAsync(string stream, ConsumerConfig config) =>
        AskAsync("create consumer", server => server.CreateConsumer(stream, config));

    public ActorTask<ConsumerInfo> UpdateConsumerAsync(string stream, ConsumerConfig config) =>
        AskAsync("update consumer", server => server.UpdateConsumer(stream, config));

    public ActorTask<ConsumerInfo?> GetConsumerAsync(string stream, string consumer) =>
        AskAsync("consumer info", server => server.GetConsumer(stream, consumer));

    public ActorTask<bool> DeleteConsumerAsync(string stream, string consumer) =>
        AskAsync("delete consumer", server => server.DeleteConsumer(stream, consumer));

    public ActorTask<ImmutableArray<ConsumerInfo>> ListConsumersAsync(string stream) =>
        AskAsync("list consumers", server => server.ListConsumers(stream));

    public ActorTask<StoredMessage?> GetMessageAsync(string stream, ulong sequence) =>
        AskAsync("get message", server => server.GetMessage(stream, sequence));

    public ActorTask<StoredMessage?> GetLastMessageAsync(string stream, string subject) =>
        AskAsync("get message", server => server.GetLastMessage(stream, subject));

    public ActorTask<bool> DeleteMessageAsync(string stream, ulong sequence) =>
        AskAsync("delete message", server => server.DeleteMessage(stream, sequence));

    public async ActorTask<FetchResult> FetchAsync(string stream, string consumer, FetchRequest request)
    {
        FetchResult result = await ModelFetch.RunAsync(this, stream, consumer, request);
        bool silence = result.End == PullEnd.TimedOut && result.Deliveries.IsEmpty;
        return silence && await GetConsumerAsync(stream, consumer) is null
            ? result with { End = PullEnd.NoResponders, Text = "consumer not found" }
            : result;
    }

    public IPullSubscription Subscribe(string stream, string consumer, PullOptions pullOptions) =>
        Subscribe(stream, consumer, pullOptions, outlivesConnection: true);

    public IEndablePull SubscribeStrictly(string stream, string consumer, PullOptions pullOptions) =>
        Subscribe(stream, consumer, pullOptions, outlivesConnection: false);

    private ModelPull Subscribe(string stream, string consumer, PullOptions pullOptions, bool outlivesConnection)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pullOptions.Outstanding, 1);
        var pull = new ModelPull(this, stream, consumer, pullOptions, outlivesConnection);
        _pulls.Add(pull);
        pull.Begin();
        return pull;
    }

    public IStreamReader ReadStream(string stream, StreamReadOptions readOptions) => new OrderedReader(this, stream, readOptions);

    public async ActorTask CloseAsync()
    {
        foreach (ModelPull pull in _pulls.ToArray())
        {
            await pull.StopAsync();
        }

        if (_session is { } session)
        {
            // Everything sent before it is answered before it.
            await new Question<bool>(session, options.RequestTimeout, _ => true, (_, _) => false).Begin();
        }

        Close("closed by its owner");
    }

    public void Abort() => Close("aborted by its owner");

    public void Forget(ModelPull pull) => _pulls.Remove(pull);

    /// <summary>Sends without waiting for an answer; without a connection it goes nowhere.</summary>
    public void Send(IRequest request) => _session?.ToServer(request);

    /// <inheritdoc cref="Send(IRequest)"/>
    public void Send(Action<ModelCluster> act) => _session?.ToServer(act);

    public ActorTask<ConsumerInfo> CreateEphemeralAsync(string stream, ConsumerConfig config) => CreateConsumerAsync(stream, config);

    public void ForgetConsumer(string stream, string consumer) => Send(cluster => cluster.DeleteConsumer(stream, consumer));

    public string NewEphemeralName() => string.Create(CultureInfo.InvariantCulture, $"reader-{Name}-{link.Random.NextUInt64():x}-{++_lastReader}");

    public async ActorTask DelayAsync(TimeSpan delay)
    {
        Promise<bool> waiting = Promise<bool>.Rent();
        using IDisposable timer = System.Schedule(delay, () => waiting.TrySetResult(true));
        await waiting.Task;
    }

    private async ActorTask<T> AskAsync<T>(string operation, Func<ModelCluster, T> ask)
    {
        Session session = _session ?? throw Unavailable("there is no connection");
        return await new Question<T>(session, options.RequestTimeout, ask, (_, problem) => throw Unavailable(problem)).Begin();

        JetStreamUnavailableException Unavailable(string problem) => new($"{operation}: {problem}");
    }

    /// <summary>One server after the other, as clients do: this one refused or was lost, so the next is the next one.</summary>
    private void UseNextServer() => _server = host.Cluster.Nodes[(_server.Number + 1) % host.Cluster.Nodes.Length];

    private void TryOpen(int attempt, Action<string> failed, Action opened)
    {
        ModelNode server = _server;
        bool isSilent = link.IsPartitioned || server.IsPaused;
        TimeSpan roundTrip = link.DrawLatency() + link.DrawLatency();
        System.Schedule(isSilent ? options.ConnectTimeout : roundTrip, () =>
        {
            if (IsClosed)
            {
                failed("closed by its owner");
            }
            else if (link.IsPartitioned || server.IsPaused)
            {
                UseNextServer();
                failed("no answer");
            }
            else if (!server.IsRunning || link.IsRefusing)
            {
                UseNextServer();
                failed("connection refused");
            }
            else
            {
                Begin(attempt);
                opened();
            }
        });
    }

    private void Begin(int attempt)
    {
        ReconnectedAt = attempt > 0 ? System.Uptime : null;
        _session = new Session(host, link, _server, OnLost);
        Tell(ConnectionState.Connected, "", attempt);
        TellWaiting(isConnected: true);
        foreach (ModelPull pull in _pulls.ToArray())
        {
            pull.OnConnected();
        }
    }

    private void OnLost(string reason)
    {
        _session = null;
        UseNextServer();
        foreach (ModelPull pull in _pulls.ToArray())
        {
            pull.OnLost();
        }

        Tell(ConnectionState.Reconnecting, reason, 1);
        Reconnect(1);
    }

    private void Reconnect(int attempt)
    {
        TimeSpan pause = options.ReconnectMin * Math.Pow(2, Math.Min(attempt - 1, 16));
        pause = pause < options.ReconnectMax ? pause : options.ReconnectMax;
        System.Schedule(pause * (0.5 + (link.Random.NextDouble() / 2)), () =>
        {
            if (!IsClosed)
            {
                TryOpen(attempt, failed: reason => TryAgain(reason, attempt + 1), opened: () => { });
            }
        });
    }

    private void TryAgain(string reason, int attempt)
    {
        if (!IsClosed)
        {
            Tell(ConnectionState.Reconnecting, reason, attempt);
            Reconnect(attempt);
        }
    }

    private void Close(string reason)
    {
        if (IsClosed)
        {
            return;
        }

        State = ConnectionState.Closed;
        Session? session = _session;
        _session = null;
        foreach (ModelPull pull in _pulls.ToArray())
        {
            pull.Finish();
        }

        session?.CloseByClient();
        Tell(ConnectionState.Closed, reason, 0);
        TellWaiting(isConnected: false);
    }

    private void Tell(ConnectionState state, string reason, int attempt)
    {
        State = state;
        observer?.Tell(new ConnectionStateChanged(this, state, reason, attempt, System.Now));
    }

    private void TellWaiting(bool isConnected)
    {
        Promise<bool>[] waiting = [.. _awaitingConnection];
        _awaitingConnection.Clear();
        foreach (Promise<bool> promise in waiting)
        {
            promise.TrySetResult(isConnected);
        }
    }
}
