using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>A message on its way to who pulled it, and what that one says of it afterwards.</summary>
internal sealed class ServedMessage(ModelConsumer by, LogEntry message, ulong consumerSequence, int deliveryCount, long pending) : IAnswer
{
    public string Stream => by.Stream;

    public string Consumer => by.Config.Name;

    public LogEntry Message => message;

    public ulong ConsumerSequence => consumerSequence;

    public int DeliveryCount => deliveryCount;

    public long Pending => pending;

    /// <summary>Whose pull it answers: set when it is sent.</summary>
    public RemotePull? Recipient { get; set; }

    string IAnswer.Answer => $"deliver {message.Sequence} of {Stream}/{Consumer}, delivery {deliveryCount}";

    int IAnswer.Size => CargoSize.Small + message.Body.Length;

    void IAnswer.Arrive() => Recipient!.OnDelivery(this);
}

/// <summary>How a server ends a pull.</summary>
/// <param name="Remaining">How many messages it still had to get.</param>
internal readonly record struct PullStatus(int Code, string Text, int Remaining)
{
    public static PullStatus NoMessages(int remaining) => new(404, "No Messages", remaining);

    public static PullStatus RequestTimeout(int remaining) => new(408, "Request Timeout", remaining);

    public static PullStatus ConsumerDeleted(int remaining) => new(409, "Consumer Deleted", remaining);

    public static PullStatus LeadershipChange(int remaining) => new(409, "Leadership Change", remaining);

    public static PullStatus TooManyWaiting(int remaining) => new(409, "Exceeded MaxWaiting", remaining);

    public static PullStatus TooLarge(int remaining) => new(409, "Message Size Exceeds MaxBytes", remaining);

    public static PullStatus NoResponders(int remaining) => new(503, "No Responders", remaining);
}

/// <summary>Where the answers to a pull go: over a link.</summary>
internal interface IPullSink
{
    /// <summary>Who pulls: what it asked for is dropped when its connection is.</summary>
    object Owner { get; }

    void Deliver(ServedMessage message);

    void End(in PullStatus status);

    /// <summary>Nobody knows of this pull any more, and nobody will say so.</summary>
    void FallSilent();
}

/// <summary>One pull as it waits at its consumer.</summary>
internal sealed class WaitingPull(FetchRequest request, DateTimeOffset? expires, IPullSink sink)
{
    public IPullSink Sink => sink;

    public DateTimeOffset? Expires => expires;

    public bool IsNoWait => request.NoWait;

    public int Remaining { get; private set; } = request.Batch;

    public int Delivered { get; private set; }

    private long BytesLeft { get; set; } = request.MaxBytes;

    public bool HasRoomFor(long size) => request.MaxBytes <= 0 || size <= BytesLeft;

    public void Deliver(ServedMessage message, long size)
    {
        Remaining--;
        Delivered++;
        BytesLeft -= size;
        sink.Deliver(message);
    }
}
