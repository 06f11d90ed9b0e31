using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>Something asked over a session and not yet answered.</summary>
internal interface IPendingExchange
{
    void OnLost(string reason);
}

/// <summary>A request and its answer. It ends once: by the answer, the session or its own timer.</summary>
internal sealed class Exchange<T> : IPendingExchange
{
    private readonly Session _session;
    private readonly Promise<T> _promise = Promise<T>.Rent();
    private readonly Func<UnknownReason, string, T> _unknown;
    private readonly LinkedListNode<IPendingExchange> _node;
    private readonly IDisposable _timer;

    private Exchange(Session session, TimeSpan timeout, Func<UnknownReason, string, T> unknown)
    {
        _session = session;
        _unknown = unknown;
        _node = session.Add(this);
        _timer = session.System.Schedule(timeout, () => End(UnknownReason.Timeout, "no answer within the timeout"));
    }

    /// <param name="session">Over which it goes.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <param name="ask">Done at the server. A refusal that it throws travels back.</param>
    /// <param name="unknown">What the answer is when none comes; it may throw.</param>
    public static ActorTask<T> Begin(Session session, TimeSpan timeout, Func<ModelServer, T> ask, Func<UnknownReason, string, T> unknown)
    {
        var exchange = new Exchange<T>(session, timeout, unknown);
        ActorTask<T> task = exchange._promise.Task;
        session.ToServer(server =>
        {
            try
            {
                T answer = ask(server);
                session.ToClient(() => exchange.End(answer));
            }
            catch (JetStreamException refusal)
            {
                session.ToClient(() => exchange.Fail(refusal));
            }
        });
        return task;
    }

    public void OnLost(string reason) => End(UnknownReason.ConnectionLost, reason);

    private void End(T answer)
    {
        Leave();
        _promise.TrySetResult(answer);
    }

    private void Fail(Exception error)
    {
        Leave();
        _promise.TrySetException(error);
    }

    private void End(UnknownReason reason, string text)
    {
        try
        {
            End(_unknown(reason, text));
        }
        catch (JetStreamException error)
        {
            Fail(error);
        }
    }

    private void Leave()
    {
        _timer.Dispose();
        _session.Remove(_node);
    }
}
