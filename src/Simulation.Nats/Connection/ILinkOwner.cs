using Simulation.Nats.Protocol;

namespace Simulation.Nats.Connection;

/// <summary>Gets what a link receives, on the link's reading loop.</summary>
internal interface ILinkOwner
{
    void OnMessage(in MessageFrame frame);

    /// <summary>Everything that one receive brought has been handed over.</summary>
    void OnBatchEnd();

    /// <summary>The server told news about itself, for example that it is about to stop.</summary>
    void OnInfo(ServerInfo info);

    /// <summary>The server complained without cutting the link, for example about permissions.</summary>
    void OnServerError(string text);
}
