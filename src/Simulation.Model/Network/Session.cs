using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>Why nothing passes.</summary>
[Flags]
internal enum Holds
{
    None = 0,

    /// <summary>The link is partitioned.</summary>
    Link = 1,

    /// <summary>The server's process is stopped.</summary>
    Server = 2,
}

/// <summary>
/// One connection over a link, from its beginning to its end; the next one is another object. Each end has its own opinion of whether it
/// is open.
/// </summary>
internal sealed class Session
{
    private readonly ModelHost _host;
    private readonly ModelLink _link;
    private readonly ToServerPipe _toServer;
    private readonly ToClientPipe _toClient;
    private Action<string>? _lost;
    private readonly PassingOnPipe? _passedOn;
    private Holds _holds;
    private int _lastHold;

    public Session(ModelHost host, ModelLink link, ModelNode node, Action<string> lost)
    {
        _host = host;
        _link = link;
        _lost = lost;
        Node = node;
        _toServer = new ToServerPipe(this, link);
        _toClient = new ToClientPipe(this, link);
        _passedOn = host.Cluster.IsClustered ? new PassingOnPipe(this, link) : null;
        link.Session = this;
        host.Open(this);
    }

    /// <summary>The server at its other end.</summary>
    public ModelNode Node { get; }

    public RandomStream Random => _link.Random;

    public ActorSystem System => _host.System;

    /// <summary>The server believes in it.</summary>
    public bool IsOpenAtServer { get; private set; } = true;

    public bool IsOpenAtClient => _lost is not null;

    public PendingExchanges Pending { get; } = new();

    /// <summary>Sends a request: it is done at the server when it arrives there, if the server is still there.</summary>
    public void ToServer(IRequest request) => _toServer.Send(request);

    /// <inheritdoc cref="ToServer(IRequest)"/>
    public void ToServer(Action<ModelCluster> act) => ToServer(new Request(act));

    /// <summary>Sends an answer.</summary>
    public void ToClient(IAnswer answer)
    {
        if (IsOpenAtServer)
        {
            _toClient.Send(answer);
        }
    }

    /// <inheritdoc cref="ToClient(IAnswer)"/>
    public void ToClient(Action act) => ToClient(new Reply(act));

    /// <summary>The participant closes: what it has sent still arrives.</summary>
    public void CloseByClient()
    {
        _lost = null;
        _toClient.Close();
        ToServer(_ => CloseAtServer());
        LeaveLink();
        FailPending("the connection was closed");
    }

    /// <summary>
    /// The server's process is gone: the participant hears of it as soon as anything can pass. Of the answers under way, the last ones never
    /// left the process.
    /// </summary>
    public void CloseByServer(string reason)
    {
        if (IsOpenAtServer)
        {
            IsOpenAtServer = false;
            _toServer.Close();
            _toClient.Drop(count => count == 0 ? 0 : Random.Next(count + 1));
            _toClient.Send(new Reply(() => LoseAtClient(reason)));
        }
    }

    public void Break(string reason)
    {
        _toServer.Close();
        _toClient.Close();
        CloseAtServer();
        LoseAtClient(reason);
    }

    public void BreakHalf(string reason, TimeSpan serverSilence)
    {
        _toServer.Close();
        _toClient.Close();
        System.Schedule(serverSilence, CloseAtServer);
        LoseAtClient(reason);
    }

    /// <param name="why">Nothing passes until every cause is gone.</param>
    /// <param name="clientSilence">After which the participant takes the server for gone.</param>
    /// <param name="serverSilence">The other way round; null when the server cannot look.</param>
    public void Hold(Holds why, TimeSpan clientSilence, TimeSpan? serverSilence)
    {
        if (why == Holds.Server)
        {
            _passedOn?.Hold(); // What it was passing on to the leader it has not sent yet.
        }

        bool isFirst = _holds == Holds.None;
        _holds |= why;
        if (!isFirst)
        {
            return;
        }

        int hold = ++_lastHold;
        _toServer.Hold();
        _toClient.Hold();
        System.Schedule(clientSilence, () => IfStillHeld(hold, () => LoseAtClient("the server did not answer pings")));
        if (serverSilence is { } silence)
        {
            System.Schedule(silence, () => IfStillHeld(hold, CloseAtServer));
        }
    }

    /// <summary>Everything vanishes from now on, while both ends believe in the connection until their pings go unanswered.</summary>
    public void Swallow(TimeSpan clientSilence, TimeSpan serverSilence)
    {
        _toServer.Swallow();
        _toClient.Swallow();
        System.Schedule(clientSilence, () => LoseAtClient("the server did not answer pings"));
        System.Schedule(serverSilence, CloseAtServer);
    }

    /// <summary>How much waits for the release.</summary>
    public int Held => _holds == Holds.None ? 0 : _toServer.Count + _toClient.Count;

    public long Swallowed => _toServer.Swallowed + _toClient.Swallowed;

    public void Release(Holds why)
    {
        if (why == Holds.Server)
        {
            _passedOn?.Release();
        }

        _holds &= ~why;
        if (_holds == Holds.None)
        {
            _toServer.Release();
            _toClient.Release();
        }
    }

    private void ArriveAtClient(IAnswer answer)
    {
        if (System.IsObserved && answer.Answer is { } text)
        {
            System.Note(WorldEventKind.Told, _link.Name, Node.Name, text);
        }

        answer.Arrive();
    }

    private void ArriveAtServer(IRequest request)
    {
        if (System.IsObserved && request.Question is { } text)
        {
            System.Note(WorldEventKind.Told, Node.Name, _link.Name, text);
        }

        if (_passedOn is null)
        {
            Do(request);
        }
        else
        {
            // It goes on to the leader, and most requests wait there for a majority.
            _passedOn.Send(request);
        }
    }

    private void Do(IRequest request)
    {
        if (IsOpenAtServer)
        {
            _host.Do(request, Node);
        }
    }

    private void IfStillHeld(int hold, Action act)
    {
        if (_holds != Holds.None && hold == _lastHold)
        {
            act();
        }
    }

    private void LoseAtClient(string reason)
    {
        if (_lost is { } lost)
        {
            _lost = null;
            _toClient.Close();
            LeaveLink();
            FailPending(reason);
            lost(reason);
        }
    }

    private void CloseAtServer()
    {
        if (IsOpenAtServer)
        {
            IsOpenAtServer = false;
            _host.Closed(this);
        }
    }

    private void LeaveLink()
    {
        if (_link.Session == this)
        {
            _link.Session = null;
        }
    }

    private void FailPending(string reason)
    {
        while (Pending.First is { } first)
        {
            Pending.Remove(first);
            first.OnLost(reason);
        }
    }

    private sealed class ToServerPipe(Session session, ModelLink link) : Pipe<IRequest>(session.System)
    {
        protected override TimeSpan DrawLatency() => link.DrawLatency();

        protected override TimeSpan TimeFor(IRequest what) => link.TimeFor(what);

        protected override void Arrive(IRequest what) => session.ArriveAtServer(what);
    }

    private sealed class ToClientPipe(Session session, ModelLink link) : Pipe<IAnswer>(session.System)
    {
        protected override TimeSpan DrawLatency() => link.DrawLatency();

        protected override TimeSpan TimeFor(IAnswer what) => link.TimeFor(what);

        protected override void Arrive(IAnswer what) => session.ArriveAtClient(what);
    }

    /// <summary>From the server that was asked to the one that leads, and to the others.</summary>
    private sealed class PassingOnPipe(Session session, ModelLink link) : Pipe<IRequest>(session.System)
    {
        protected override TimeSpan DrawLatency() => link.DrawRoundOfServers();

        protected override void Arrive(IRequest what) => session.Do(what);
    }
}
