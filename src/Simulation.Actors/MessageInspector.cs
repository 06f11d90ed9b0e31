using System.Text;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Workload;

namespace Simulation.Actors;

/// <summary>What a message that came back says about itself, and what is wrong with it.</summary>
/// <param name="Id">By its <c>Nats-Msg-Id</c>, else by its body; none if neither can be read.</param>
/// <param name="IntendedAt">The body's timestamp; the Unix epoch if it cannot be read.</param>
/// <param name="Faults">None for a message as it was sent.</param>
internal readonly record struct InspectedMessage(MessageId Id, DateTimeOffset IntendedAt, MessageFaults Faults);

/// <summary>Holds subject, header and body of a message against each other. The same eyes for deliveries and for the final read.</summary>
internal sealed class MessageInspector(string runId, RunTopology topology)
{
    private readonly byte[] _runId = Encoding.UTF8.GetBytes(runId);

    public InspectedMessage Inspect(string subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body)
    {
        var faults = MessageFaults.None;
        MessageId id = ByHeader(headers);
        var intendedAt = DateTimeOffset.UnixEpoch;
        if (MessageCodec.TryRead(body, out MessageHeader header, out MessageProblem problem))
        {
            intendedAt = header.IntendedAt;
            var byBody = new MessageId(header.PartitionId, header.PartitionSequence);
            faults |= byBody == id ? MessageFaults.None : MessageFaults.Identity;
            id = id.IsNone ? byBody : id;
        }
        else
        {
            faults |= problem == MessageProblem.MalformedHeader ? MessageFaults.Unparsable : MessageFaults.Checksum;
        }

        bool subjectFits = (uint)id.Partition < (uint)topology.Layout.PartitionCount && subject == topology.SubjectOf(id.Partition);
        return new InspectedMessage(id, intendedAt, subjectFits ? faults : faults | MessageFaults.Subject);
    }

    private MessageId ByHeader(ReadOnlySpan<byte> headers) =>
        HeaderBlock.TryFind(headers, "Nats-Msg-Id"u8, out ReadOnlySpan<byte> text)
            && NatsMessageId.TryParse(text, out NatsMessageId id) && id.Run.SequenceEqual(_runId)
            ? new MessageId(id.Partition, id.Sequence)
            : MessageId.None;
}
