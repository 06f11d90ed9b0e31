using Simulation.History;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Reads the whole stream once more and writes down what is really there: counts that a server reports are not evidence.</summary>
internal sealed class FinalRead(IJetStreamConnection connection, string stream, MessageInspector inspector, HistoryWriter history)
{
    /// <summary>So many messages, then others get their turn.</summary>
    private const int MessagesATurn = 2_000;

    /// <returns>How many messages the stream holds.</returns>
    public async ActorTask<long> RunAsync(IActorContext context)
    {
        if (await connection.GetStreamAsync(stream) is null)
        {
            // The server is there and knows of no such stream: everything in it is gone, and that is all there is to read.
            history.FinalReadCompleted(context.Now, 0, 0, 0);
            return 0;
        }

        IStreamReader reader = connection.ReadStream(stream, new StreamReadOptions { BatchSize = 512 });
        long count = 0;
        ulong first = 0;
        ulong last = 0;
        while (await reader.NextAsync() is { } message)
        {
            InspectedMessage inspected = inspector.Inspect(message.Subject, message.Headers.Span, message.Payload.Span);
            history.Stored(context.Now, inspected.Id, message.Sequence, inspected.Faults);
            first = count == 0 ? message.Sequence : first;
            last = message.Sequence;
            if (++count % MessagesATurn == 0)
            {
                await context.Delay(TimeSpan.Zero);
            }
        }

        history.FinalReadCompleted(context.Now, first, last, count);
        return count;
    }
}
