namespace Simulation.TestServers.Proxy;

public enum FrameDirection
{
    ToServer,
    ToClient,
}
