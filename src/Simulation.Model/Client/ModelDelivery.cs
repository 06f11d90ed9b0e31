using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>One delivery. After it was given back it refuses every use: what a pooled one would answer with another message's words.</summary>
internal sealed class ModelDelivery(ModelConnection connection, ServedMessage served) : Delivery
{
    private bool _isDisposed;

    public override string Subject => Valid.Message.Subject;

    public override ReadOnlySpan<byte> Payload => Valid.Message.Body.Payload.Span;

    public override ReadOnlySpan<byte> Headers => Valid.Message.Body.Headers.Span;

    public override ulong StreamSequence => Valid.Message.Sequence;

    public override ulong ConsumerSequence => Valid.ConsumerSequence;

    public override int DeliveryCount => Valid.DeliveryCount;

    public override DateTimeOffset StoredAt => Valid.Message.Time;

    public override long Pending => Valid.Pending;

    private ServedMessage Valid
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return served;
        }
    }

    public override void Ack() => connection.Send(new DeliveryAnswer(Valid, DeliveryVerdict.Ack));

    public override async ActorTask<AckOutcome> AckConfirmedAsync()
    {
        ServedMessage message = Valid;
        if (connection.Session is not { } session)
        {
            return AckOutcome.Unknown;
        }

        return await new Question<AckOutcome>(session, connection.RequestTimeout, server => Confirm(server, message), (_, _) => AckOutcome.Unknown).Begin();
    }

    public override void Nak(TimeSpan? delay = null) =>
        connection.Send(new DeliveryAnswer(Valid, DeliveryVerdict.Nak, delay ?? TimeSpan.Zero));

    public override void InProgress() => connection.Send(new DeliveryAnswer(Valid, DeliveryVerdict.InProgress));

    public override void Terminate() => Ack();

    public override void Dispose() => _isDisposed = true;

    private static AckOutcome Confirm(ModelCluster server, ServedMessage message)
    {
        if (server.FindConsumer(message.Stream, message.Consumer) is not { } consumer)
        {
            return AckOutcome.Unknown;
        }

        consumer.Acknowledge(message.Message.Sequence, message.ConsumerSequence);
        return AckOutcome.Confirmed;
    }
}
