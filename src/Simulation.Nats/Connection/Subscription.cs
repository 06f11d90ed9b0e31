using System.Text;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Connection;

/// <summary>What one SUB brings in. It keeps its number across reconnects. Callbacks come from the reading or the reconnecting loop.</summary>
internal abstract class Subscription(string subject)
{
    private readonly byte[] _subject = Encoding.UTF8.GetBytes(subject);

    public long Id { get; set; }

    /// <summary>Set while a batch that brought something for this subscription is being handed over.</summary>
    public bool HasNews { get; set; }

    public ReadOnlySpan<byte> Subject => _subject;

    public abstract void OnMessage(in MessageFrame frame);

    /// <summary>After the last message of a receive that brought some for this subscription.</summary>
    public virtual void OnBatchEnd()
    {
    }

    /// <summary>The subscription stands on a new link.</summary>
    public virtual void OnReconnected()
    {
    }

    /// <summary>Whatever was asked for and is not here will not come.</summary>
    public abstract void OnConnectionLost(string reason);
}
