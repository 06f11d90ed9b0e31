using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>Deliveries to be filled again, and the way back to the server for what is said about them.</summary>
internal sealed class DeliveryPool(NatsConnection connection, Requests requests, TimeSpan requestTimeout)
{
    /// <summary>What a burst had under way at once is given back; it is not needed until the next one.</summary>
    private const int KeepAtMost = 256;

    private readonly Lock _gate = new();
    private readonly Stack<PooledDelivery> _free = new();
    private readonly SubjectCache _subjects = new();

    /// <returns>Null when the reply subject is not one of JetStream's: then the message is no delivery.</returns>
    public PooledDelivery? TryFill(in MessageFrame frame)
    {
        if (!AckSubject.TryParse(frame.ReplyTo, out AckSubject ack))
        {
            return null;
        }

        PooledDelivery? delivery;
        lock (_gate)
        {
            _free.TryPop(out delivery);
        }

        delivery ??= new PooledDelivery(this);
        delivery.Fill(frame, ack, _subjects.Intern(frame.Subject));
        return delivery;
    }

    public void Return(PooledDelivery delivery)
    {
        lock (_gate)
        {
            if (_free.Count < KeepAtMost)
            {
                _free.Push(delivery);
            }
        }
    }

    public void Answer(ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> answer) => connection.TryPublish(replyTo, default, default, answer);

    public ActorTask<AckOutcome> ConfirmAsync(ReadOnlySpan<byte> replyTo) => AwaitConfirmation(requests.SendAsync(replyTo, "+ACK"u8, requestTimeout));

    private static async ActorTask<AckOutcome> AwaitConfirmation(ActorTask<byte[]> request)
    {
        try
        {
            await request;
            return AckOutcome.Confirmed;
        }
        catch (JetStreamUnavailableException)
        {
            return AckOutcome.Unknown;
        }
    }
}
