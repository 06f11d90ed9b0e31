namespace Simulation.Nats.Protocol;

/// <summary>What a server can say to a client. Spans are valid only during the call.</summary>
internal interface IFrameHandler
{
    void OnInfo(ReadOnlySpan<byte> json);

    void OnMessage(in MessageFrame frame);

    void OnPing();

    void OnPong();

    void OnError(string text);
}
