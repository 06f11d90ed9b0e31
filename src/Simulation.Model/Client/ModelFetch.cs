using System.Collections.Immutable;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>One pull request. It ends once: by the batch, a status, the session, or its own timer.</summary>
internal sealed class ModelFetch : IPuller, IPendingExchange
{
    /// <summary>How much longer than the server we wait for the server's word.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ModelConnection _connection;
    private readonly Session _session;
    private readonly string _stream;
    private readonly string _consumer;
    private readonly FetchRequest _request;
    private readonly RemotePull _pull;
    private readonly Promise<FetchResult> _result = Promise<FetchResult>.Rent();
    private readonly ImmutableArray<Delivery>.Builder _deliveries = ImmutableArray.CreateBuilder<Delivery>();
    private PendingLink _link;
    private readonly IDisposable _timer;
    private bool _isOver;

    private ModelFetch(ModelConnection connection, Session session, string stream, string consumer, FetchRequest request)
    {
        _connection = connection;
        _session = session;
        _stream = stream;
        _consumer = consumer;
        _request = request;
        _pull = new RemotePull(session, this);
        session.Pending.Add(this);
        TimeSpan patience = !request.NoWait ? request.Expires + Grace
            : request.Expires > TimeSpan.Zero ? request.Expires
            : connection.RequestTimeout;
        _timer = session.System.Schedule(patience, () => End(PullEnd.TimedOut, "the server neither delivered nor ended the pull in time"));
    }

    ref PendingLink IPendingExchange.Link => ref _link;

    public static ActorTask<FetchResult> RunAsync(ModelConnection connection, string stream, string consumer, FetchRequest request)
    {
        if (connection.Session is not { } session)
        {
            return ActorTask.FromResult(new FetchResult([], PullEnd.ConnectionLost, "there is no connection"));
        }

        var fetch = new ModelFetch(connection, session, stream, consumer, request);
        ActorTask<FetchResult> task = fetch._result.Task;
        fetch._pull.Send(stream, consumer, request);
        return task;
    }

    public void OnDelivery(RemotePull pull, ServedMessage message)
    {
        if (_isOver)
        {
            return; // Too late; the server delivers it again.
        }

        _deliveries.Add(new ModelDelivery(_connection, message));
        if (_deliveries.Count == _request.Batch)
        {
            End(PullEnd.Complete, "");
        }
    }

    public void OnEnd(RemotePull pull, in PullStatus status) => End(PullStatusMeaning.EndOf(status), status.Text);

    /// <summary>A single fetch has a timer of its own.</summary>
    public void OnSilence(RemotePull pull)
    {
    }

    public void OnLost(string reason) => End(PullEnd.ConnectionLost, reason);

    private void End(PullEnd end, string text)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _timer.Dispose();
        _session.Pending.Remove(this);
        if (end == PullEnd.TimedOut)
        {
            _pull.Cancel(_stream, _consumer);
        }

        _result.TrySetResult(new FetchResult(_deliveries.DrainToImmutable(), end, text));
    }
}
