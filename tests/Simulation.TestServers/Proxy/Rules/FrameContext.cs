using System.Collections.Immutable;

namespace Simulation.TestServers.Proxy;

/// <summary>Where a frame is on its way, and what a rule may do with it there.</summary>
public readonly struct FrameContext
{
    private readonly ImmutableArray<FrameRule> _rules;
    private readonly int _passed;
    private readonly FrameDirection _direction;

    internal FrameContext(ProxyConnection connection, FrameDirection direction, ImmutableArray<FrameRule> rules, int passed = 0)
    {
        Connection = connection;
        _direction = direction;
        _rules = rules;
        _passed = passed;
    }

    public ProxyConnection Connection { get; }

    /// <summary>Hands a frame to the rules after this one, and at last to the socket. May be called never, once or often, now or later.</summary>
    public ValueTask ForwardAsync(NatsFrame frame)
    {
        for (var next = _passed; next < _rules.Length; next++)
        {
            if (_rules[next].AppliesTo(Connection))
            {
                return _rules[next].OnFrameAsync(frame, new FrameContext(Connection, _direction, _rules, next + 1));
            }
        }

        Connection.WriterTo(_direction).Append(frame);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends what was forwarded, for a rule that forwards later than it was called.</summary>
    public ValueTask FlushAsync() => Connection.WriterTo(_direction).FlushAsync();

    /// <summary>Sends the first bytes of a frame and then closes both sockets.</summary>
    public async ValueTask CutAsync(NatsFrame frame, int bytes)
    {
        var writer = Connection.WriterTo(_direction);
        writer.Append(frame.ToBytes().AsSpan(0, bytes));
        await writer.FlushAsync();
        Connection.Cut();
    }
}
