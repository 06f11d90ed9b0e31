using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// One connection over a link, from its beginning to its end; the next one is another object. Each end has its own opinion of whether it
/// is open.
/// </summary>
internal sealed class Session
{
    private readonly ModelHost _host;
    private readonly ModelLink _link;
    private readonly Pipe<IRequest> _toServer;
    private readonly Pipe<IAnswer> _toClient;
    private readonly LinkedList<IPendingExchange> _pending = new();
    private Action<string>? _lost;
    private bool _isHeld;
    private int _holds;

    public Session(ModelHost host, ModelLink link, Action<string> lost)
    {
        _host = host;
        _link = link;
        _lost = lost;
        _toServer = new Pipe<IRequest>(host.System, link, ArriveAtServer);
        _toClient = new Pipe<IAnswer>(host.System, link, answer => answer.Arrive());
        link.Session = this;
        host.Open(this);
    }

    public ActorSystem System => _host.System;

    /// <summary>The server believes in it.</summary>
    public bool IsOpenAtServer { get; private set; } = true;

    public bool IsOpenAtClient => _lost is not null;

    /// <summary>What has been asked over it, and is to hear when it breaks.</summary>
    public LinkedListNode<IPendingExchange> Add(IPendingExchange exchange) => _pending.AddLast(exchange);

    public void Remove(LinkedListNode<IPendingExchange> exchange)
    {
        if (exchange.List is not null)
        {
            _pending.Remove(exchange);
        }
    }

    /// <summary>Sends a request: it is done at the server when it arrives there, if the server is still there.</summary>
    public void ToServer(IRequest request) => _toServer.Send(request);

    /// <inheritdoc cref="ToServer(IRequest)"/>
    public void ToServer(Action<ModelServer> act) => ToServer(new Request(act));

    /// <summary>Sends an answer.</summary>
    public void ToClient(IAnswer answer)
    {
        if (IsOpenAtServer)
        {
            _toClient.Send(answer);
        }
    }

    /// <inheritdoc cref="ToClient(IAnswer)"/>
    public void ToClient(Action act) => ToClient(new Answer(act));

    /// <summary>The participant closes: what it has sent still arrives.</summary>
    public void CloseByClient()
    {
        _lost = null;
        _toClient.Close();
        ToServer(_ => CloseAtServer());
        LeaveLink();
        FailPending("the connection was closed");
    }

    /// <summary>The server's process is gone: the participant hears of it as soon as anything can pass.</summary>
    public void CloseByServer(string reason)
    {
        if (IsOpenAtServer)
        {
            IsOpenAtServer = false;
            _toServer.Close();
            _toClient.Send(new Answer(() => LoseAtClient(reason)));
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

    public void Hold(TimeSpan clientSilence, TimeSpan serverSilence)
    {
        if (_isHeld)
        {
            return;
        }

        _isHeld = true;
        int hold = ++_holds;
        _toServer.Hold();
        _toClient.Hold();
        System.Schedule(clientSilence, () => IfStillHeld(hold, () => LoseAtClient("the server did not answer pings")));
        System.Schedule(serverSilence, () => IfStillHeld(hold, CloseAtServer));
    }

    public void Release()
    {
        _isHeld = false;
        _toServer.Release();
        _toClient.Release();
    }

    private void ArriveAtServer(IRequest request)
    {
        if (IsOpenAtServer)
        {
            _host.Do(request);
        }
    }

    private void IfStillHeld(int hold, Action act)
    {
        if (_isHeld && hold == _holds)
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
        while (_pending.First is { } first)
        {
            _pending.Remove(first);
            first.Value.OnLost(reason);
        }
    }
}
