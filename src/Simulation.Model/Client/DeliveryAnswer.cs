namespace Simulation.Model;

internal enum DeliveryVerdict { Ack, Nak, InProgress }

/// <summary>What a participant says about a delivery, on its way to the server.</summary>
internal sealed class DeliveryAnswer(ServedMessage message, DeliveryVerdict verdict, TimeSpan delay = default) : IRequest
{
    public string Question => $"{verdict.ToString().ToLowerInvariant()} {message.Message.Sequence} of {message.Stream}/{message.Consumer}";

    public void DoAt(ModelCluster server)
    {
        if (server.FindConsumer(message.Stream, message.Consumer) is not { } consumer)
        {
            return;
        }

        switch (verdict)
        {
            case DeliveryVerdict.Ack:
                consumer.Acknowledge(message.Message.Sequence, message.ConsumerSequence);
                break;
            case DeliveryVerdict.Nak:
                consumer.Refuse(message.Message.Sequence, message.ConsumerSequence, delay);
                break;
            case DeliveryVerdict.InProgress:
                consumer.Extend(message.Message.Sequence);
                break;
        }
    }
}
