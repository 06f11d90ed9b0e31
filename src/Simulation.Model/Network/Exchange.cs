using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>Something asked over a session and not yet answered.</summary>
internal interface IPendingExchange
{
    /// <summary>Its place among the others of its session: <see cref="PendingExchanges"/>' own.</summary>
    ref PendingLink Link { get; }

    void OnLost(string reason);
}

/// <summary>A request and its answer: one object goes there and back, and rings when it is out for too long. It ends once: by the answer, the session or that.</summary>
internal abstract class Exchange<T> : Alarm, IRequest, IAnswer, IPendingExchange
{
    private readonly Session _session;
    private readonly Promise<T> _promise = Promise<T>.Rent();
    private PendingLink _link;
    private T _answer = default!;
    private JetStreamException? _refusal;

    /// <param name="session">Over which it goes.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    protected Exchange(Session session, TimeSpan timeout)
        : base(session.System)
    {
        _session = session;
        session.Pending.Add(this);
        Set(timeout);
    }

    ref PendingLink IPendingExchange.Link => ref _link;

    public ActorTask<T> Begin()
    {
        ActorTask<T> task = _promise.Task;
        _session.ToServer(this);
        return task;
    }

    public void OnLost(string reason) => End(UnknownReason.ConnectionLost, reason);

    string? IRequest.Question => Describe();

    string? IAnswer.Answer => Describe() is { } question ? $"{question}: {(_refusal is null ? Describe(_answer) : _refusal.Message)}" : null;

    void IRequest.DoAt(ModelCluster server)
    {
        try
        {
            _answer = Ask(server);
        }
        catch (JetStreamException refusal)
        {
            _refusal = refusal;
        }

        _session.ToClient(this);
    }

    void IAnswer.Arrive()
    {
        Leave();
        if (_refusal is null)
        {
            _promise.TrySetResult(_answer);
        }
        else
        {
            _promise.TrySetException(_refusal);
        }
    }

    protected override void Ring() => End(UnknownReason.Timeout, "no answer within the timeout");

    /// <summary>Done at the server. A refusal that it throws travels back.</summary>
    protected abstract T Ask(ModelCluster server);

    /// <summary>For a trace; null for what is not worth a line.</summary>
    protected virtual string? Describe() => null;

    protected virtual string Describe(T answer) => answer?.ToString() ?? "nothing";

    /// <summary>What the answer is when none comes; it may throw.</summary>
    protected abstract T Unknown(UnknownReason reason, string text);

    private void End(UnknownReason reason, string text)
    {
        Leave();
        try
        {
            _promise.TrySetResult(Unknown(reason, text));
        }
        catch (JetStreamException error)
        {
            _promise.TrySetException(error);
        }
    }

    private void Leave()
    {
        Clear();
        _session.Pending.Remove(this);
    }
}

/// <summary>An exchange of the rarer kind, which has no type of its own.</summary>
internal sealed class Question<T>(Session session, TimeSpan timeout, Func<ModelCluster, T> ask, Func<UnknownReason, string, T> unknown)
    : Exchange<T>(session, timeout)
{
    protected override T Ask(ModelCluster server) => ask(server);

    protected override T Unknown(UnknownReason reason, string text) => unknown(reason, text);
}

/// <summary>A publish and its acknowledgement.</summary>
internal sealed class PublishExchange(Session session, TimeSpan timeout, PublishCommand command) : Exchange<PublishOutcome>(session, timeout), IRequest
{
    int IRequest.Size => CargoSize.Small + command.Body.Length;

    protected override PublishOutcome Ask(ModelCluster server) => server.Publish(command);

    protected override PublishOutcome Unknown(UnknownReason reason, string text) => PublishOutcome.Unknown(reason, text);

    protected override string Describe() => $"publish {command.MessageId} to {command.Subject}";

    protected override string Describe(PublishOutcome answer) =>
        answer.IsAcknowledged ? $"stored at {answer.Sequence}{(answer.Duplicate ? ", a duplicate" : "")}" : $"{answer.Result} {answer.Text}";
}
