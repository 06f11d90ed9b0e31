using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>Where the servers run: tells them the time, wakes them when they have something to do, and knows who is connected.</summary>
internal sealed class ModelHost
{
    private readonly LinkedList<Session> _sessions = new();
    private readonly Alarm _alarm;
    private DateTimeOffset? _timedFor;

    public ModelHost(ModelCluster cluster, ActorSystem system)
    {
        Cluster = cluster;
        System = system;
        cluster.Chance = system.Stream("model/cluster");
        _alarm = system.CreateAlarm(Wake);
    }

    public ActorSystem System { get; }

    public ModelCluster Cluster { get; }

    public void Open(Session session) => _sessions.AddLast(session);

    public void Closed(Session session)
    {
        _sessions.Remove(session);
        Do(() => Cluster.Forget(sink => sink.Owner == session));
    }

    /// <summary>Does what was sent to a server, now; nothing when it does not run.</summary>
    public void Do(IRequest request, ModelNode entry)
    {
        if (entry.Works)
        {
            Cluster.Advance(System.Now);
            Cluster.Handle(request, entry);
            Time();
        }
    }

    public void Do(Action act)
    {
        Cluster.Advance(System.Now);
        act();
        Time();
    }

    /// <summary>A server's process is gone, and with it every connection to it.</summary>
    /// <returns>How many those were.</returns>
    public int Stop(ModelNode node, Action<ModelNode, DateTimeOffset> stop)
    {
        Do(() => stop(node, System.Now));
        Session[] lost = [.. _sessions.Where(session => session.Node == node)];
        foreach (Session session in lost)
        {
            session.CloseByServer("the server is gone");
            Closed(session);
        }

        return lost.Length;
    }

    public void Pause(ModelNode node, ModelNetworkOptions options)
    {
        Do(() => Cluster.Pause(node, System.Now));
        foreach (Session session in _sessions.Where(session => session.Node == node))
        {
            session.Hold(Holds.Server, options.DrawClientSilence(session.Random), null);
        }
    }

    /// <returns>How many messages had waited.</returns>
    public long Resume(ModelNode node)
    {
        long held = 0;
        Do(() => Cluster.Resume(node, System.Now));
        foreach (Session session in _sessions.Where(session => session.Node == node).ToArray())
        {
            held += session.Held;
            session.Release(Holds.Server);
        }

        return held;
    }

    /// <summary>A timer that comes too early only looks again: that is cheaper than a new one for each change.</summary>
    private void Time()
    {
        if (Cluster.NextDue is { } due && (_timedFor is null || due < _timedFor))
        {
            _timedFor = due;
            _alarm.Set(due - System.Now);
        }
    }

    private void Wake()
    {
        _timedFor = null;
        Cluster.Advance(System.Now);
        Time();
    }
}
