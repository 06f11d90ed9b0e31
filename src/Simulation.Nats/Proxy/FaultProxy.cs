using System.Net;
using System.Net.Sockets;

namespace Simulation.Nats.Proxy;

/// <summary>
/// A port on loopback from which bytes go on to one server and back, under conditions that can be changed at any time. It knows nothing of what the
/// bytes mean. While nothing is in the way it reads and writes and does nothing else.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly DnsEndPoint _server;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _gate = new();
    private readonly List<LinkConditions> _active = [];
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private volatile LinkConditions _conditions = LinkConditions.Clear;
    private TaskCompletionSource _changed = NewChange();
    private int _disposed;

    private FaultProxy(DnsEndPoint server)
    {
        _server = server;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    public LinkCounts Counts => Tally.Read();

    internal LinkConditions Conditions => _conditions;

    internal LinkTally Tally { get; } = new();

    public static FaultProxy Start(string host, int port) => new(new DnsEndPoint(host, port));

    /// <summary>Cuts every connection with a TCP reset, on both sides.</summary>
    /// <returns>How many.</returns>
    public int Reset() => ResetWhere(_ => true);

    /// <summary>Connections that are open now.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Nobody new gets through; what is open goes on as the conditions will have it.</summary>
    /// <returns>Completes when nothing is open any more.</returns>
    public async Task RetireAsync()
    {
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(Ends());
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] ends = Ends();
        Reset();
        await Task.WhenAll(ends);
        _ending.Dispose();
    }

    internal void Add(LinkConditions conditions) => Change(() => _active.Add(conditions));

    internal void Remove(LinkConditions conditions)
    {
        Change(() => _active.RemoveAt(_active.FindIndex(one => ReferenceEquals(one, conditions))));
        if (!_conditions.Swallow)
        {
            ResetWhere(connection => connection.MissesBytes);
        }
    }

    /// <summary>Returns at once unless bytes are held back; else when they no longer are. Throws when the proxy ends.</summary>
    internal async ValueTask WhileHeldAsync()
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (!_conditions.Hold)
                {
                    return;
                }

                change = _changed.Task;
            }

            await change.WaitAsync(_ending.Token).ConfigureAwait(false);
        }
    }

    private Task[] Ends()
    {
        lock (_gate)
        {
            return [.. _connections.Select(connection => connection.Ended)];
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            LinkConditions sum = _active.Aggregate(LinkConditions.Clear, (all, one) => all.And(one));
            _conditions = sum;
            _changed.SetResult();
            _changed = NewChange();
        }

        if (_conditions.Refuse)
        {
            Reset();
        }
    }

    private int ResetWhere(Func<ProxiedConnection, bool> isMeant)
    {
        ProxiedConnection[] cut;
        lock (_gate)
        {
            cut = [.. _connections.Where(isMeant)];
        }

        int count = cut.Count(connection => connection.Cut());
        Interlocked.Add(ref Tally.Reset, count);
        return count;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
                if (_conditions.Refuse)
                {
                    Interlocked.Increment(ref Tally.Refused);
                    ProxiedConnection.Cut(client);
                }
                else
                {
                    Interlocked.Increment(ref Tally.Opened);
                    Carry(new ProxiedConnection(this, client));
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the proxy.
        }
    }

    private void Carry(ProxiedConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
        }

        _ = CarryAsync(connection);
    }

    private async Task CarryAsync(ProxiedConnection connection)
    {
        await connection.RunAsync(_server, _ending.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }
}
