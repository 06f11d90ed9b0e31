namespace Simulation.TestServers.Proxy;

/// <summary>The operations of the NATS protocol, both directions.</summary>
public enum FrameKind
{
    /// <summary>A line that the proxy does not know and passes on as it is.</summary>
    Other,
    Info,
    Connect,
    Pub,
    HPub,
    Sub,
    Unsub,
    Msg,
    HMsg,
    Ping,
    Pong,
    Ok,
    Err,
}
