using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>The contract over one <see cref="NatsConnection"/>: here everything meets, and nothing is decided.</summary>
internal sealed class NatsJetStreamConnection : IOrderedReaderConnection
{
    private readonly ActorSystem _system;
    private readonly NatsConnection _connection;
    private readonly Publisher _publisher;
    private readonly Requests _requests;
    private readonly DeliveryPool _fetched;
    private readonly ConcurrentDictionary<PullSubscription, bool> _pulls = [];

    public NatsJetStreamConnection(ActorSystem system, NatsConnection connection, NatsOptions options)
    {
        _system = system;
        _connection = connection;
        _publisher = new Publisher(connection, options);
        _requests = new Requests(connection);
        RequestTimeout = options.RequestTimeout;
        _fetched = new DeliveryPool(connection, _requests, RequestTimeout);
        Api = new JetStreamApi(connection, _requests, RequestTimeout);
    }

    public string Name => _connection.Name;

    public ConnectionState State => _connection.State;

    public ServerIdentity Server => _connection.Server;

    public JetStreamApi Api { get; }

    public TimeSpan RequestTimeout { get; }

    public TimeSpan Uptime => _system.Uptime;

    public bool IsClosed => _connection.IsClosed;

    public async ActorTask WhenConnectedAsync() => await _connection.AwaitConnected();

    public ActorTask<PublishOutcome> PublishAsync(in PublishMessage message) => _publisher.Publish(message);

    public ActorTask<AccountLimits> GetAccountAsync() => Api.GetAccountAsync();

    public ActorTask<StreamInfo> CreateStreamAsync(StreamConfig config) => Api.PutStreamAsync("CREATE", config);

    public ActorTask<StreamInfo> UpdateStreamAsync(StreamConfig config) => Api.PutStreamAsync("UPDATE", config);

    public ActorTask<StreamInfo?> GetStreamAsync(string stream) => Api.GetStreamAsync(stream);

    public ActorTask<bool> DeleteStreamAsync(string stream) => Api.DeleteStreamAsync(stream);

    public ActorTask<long> PurgeStreamAsync(string stream, string? subjectFilter = null) => Api.PurgeStreamAsync(stream, subjectFilter);

    public ActorTask<ImmutableArray<StreamInfo>> ListStreamsAsync() => Api.ListStreamsAsync();

    public ActorTask<ConsumerInfo> CreateConsumerAsync(string stream, ConsumerConfig config) => Api.CreateConsumerAsync(stream, config);

    public ActorTask<ConsumerInfo> UpdateConsumerAsync(string stream, ConsumerConfig config) => Api.UpdateConsumerAsync(stream, config);

    public ActorTask<ConsumerInfo?> GetConsumerAsync(string stream, string consumer) => Api.GetConsumerAsync(stream, consumer);

    public ActorTask<bool> DeleteConsumerAsync(string stream, string consumer) => Api.DeleteConsumerAsync(stream, consumer);

    public ActorTask<ImmutableArray<ConsumerInfo>> ListConsumersAsync(string stream) => Api.ListConsumersAsync(stream);

    public ActorTask<StoredMessage?> GetMessageAsync(string stream, ulong sequence) => Api.GetMessageAsync(stream, sequence);

    public ActorTask<StoredMessage?> GetLastMessageAsync(string stream, string subject) => Api.GetLastMessageAsync(stream, subject);

    public ActorTask<bool> DeleteMessageAsync(string stream, ulong sequence) => Api.DeleteMessageAsync(stream, sequence);

    public ActorTask<FetchResult> FetchAsync(string stream, string consumer, FetchRequest request)
    {
        RequireNames(stream, consumer);
        return FetchOrFindOutAsync(stream, consumer, request);
    }

    public IPullSubscription Subscribe(string stream, string consumer, PullOptions options) =>
        Subscribe(stream, consumer, options, outlivesConnection: true);

    public IEndablePull SubscribeStrictly(string stream, string consumer, PullOptions options) =>
        Subscribe(stream, consumer, options, outlivesConnection: false);

    public IStreamReader ReadStream(string stream, StreamReadOptions options)
    {
        Subjects.RequireName(stream, "stream");
        return new OrderedReader(this, stream, options);
    }

    public ActorTask<ConsumerInfo> CreateEphemeralAsync(string stream, ConsumerConfig config) => Api.CreateEphemeralAsync(stream, config);

    public void ForgetConsumer(string stream, string consumer) => Api.ForgetConsumer(stream, consumer);

    public async ActorTask CloseAsync()
    {
        foreach (PullSubscription pull in _pulls.Keys)
        {
            await pull.StopAsync();
        }

        if (!IsClosed)
        {
            await BoundedAsync(_publisher.NotifyWhenIdle);
            await BoundedAsync(_connection.Flush);
        }

        Close("closed by its owner");
    }

    public void Abort() => Close("aborted by its owner");

    public string NewEphemeralName() =>
        string.Create(CultureInfo.InvariantCulture, $"reader-{_connection.Inbox[(_connection.Inbox.LastIndexOf('.') + 1)..]}-{_connection.NextSubscriptionId()}");

    public async ActorTask DelayAsync(TimeSpan delay) => await BoundedAsync(_ => { }, delay);

    private ActorTask<bool> BoundedAsync(Action<Action<bool>> begin) => BoundedAsync(begin, RequestTimeout);

    /// <summary>Begins something that calls back, and waits for the call or the timeout: false.</summary>
    private async ActorTask<bool> BoundedAsync(Action<Action<bool>> begin, TimeSpan timeout)
    {
        Promise<bool> waiting = Promise<bool>.Rent();
        using IDisposable timer = _system.Schedule(timeout, () => waiting.TrySetResult(false));
        begin(done => waiting.TrySetResult(done));
        return await waiting.Task;
    }

    private PullSubscription Subscribe(string stream, string consumer, PullOptions options, bool outlivesConnection)
    {
        RequireNames(stream, consumer);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Outstanding, 1);
        var pool = new DeliveryPool(_connection, _requests, RequestTimeout);
        var pull = new PullSubscription(_connection, pool, stream, consumer, options, outlivesConnection, Forget);
        _pulls[pull] = true;
        pull.Start();
        return pull;
    }

    /// <summary>Server 2.9 says nothing to a pull for a consumer that is not there; then the silence is asked about.</summary>
    private async ActorTask<FetchResult> FetchOrFindOutAsync(string stream, string consumer, FetchRequest request)
    {
        FetchResult result = await Fetch.RunAsync(_connection, _fetched, stream, consumer, request, RequestTimeout);
        bool silence = result.End == PullEnd.TimedOut && result.Deliveries.IsEmpty;
        return silence && await Api.GetConsumerAsync(stream, consumer) is null
            ? result with { End = PullEnd.NoResponders, Text = "consumer not found" }
            : result;
    }

    private void Forget(PullSubscription pull) => _pulls.TryRemove(pull, out _);

    private void Close(string reason)
    {
        foreach (PullSubscription pull in _pulls.Keys)
        {
            pull.Finish();
        }

        _connection.Close(reason);
    }

    private static void RequireNames(string stream, string consumer)
    {
        Subjects.RequireName(stream, "stream");
        Subjects.RequireName(consumer, "consumer");
    }
}
