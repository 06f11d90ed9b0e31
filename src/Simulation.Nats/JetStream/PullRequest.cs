using System.Text;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>Writes pull requests for one consumer.</summary>
internal sealed class PullRequest(NatsConnection connection, string stream, string consumer)
{
    private const int LongestBody = 160;

    private readonly byte[] _subject = Encoding.UTF8.GetBytes($"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}");

    /// <param name="replyTo">Where deliveries and statuses go.</param>
    /// <param name="batch">At most so many messages.</param>
    /// <param name="expires">How long it may wait at the server; zero for no bound.</param>
    /// <param name="heartbeat">After how long without a message the server gives a sign of life; zero for never.</param>
    /// <param name="noWait">Answer at once with what there is.</param>
    /// <param name="maxBytes">At most so many bytes; 0 for no bound.</param>
    /// <returns>False when it was not sent.</returns>
    public bool TrySend(ReadOnlySpan<byte> replyTo, int batch, TimeSpan expires, TimeSpan heartbeat, bool noWait, long maxBytes)
    {
        Span<byte> body = stackalloc byte[LongestBody];
        Span<byte> rest = body;
        FrameWriter.Append(ref rest, "{\"batch\":"u8);
        FrameWriter.Append(ref rest, batch);
        AppendNumber(ref rest, ",\"expires\":"u8, expires.Ticks * TimeSpan.NanosecondsPerTick);
        AppendNumber(ref rest, ",\"idle_heartbeat\":"u8, heartbeat.Ticks * TimeSpan.NanosecondsPerTick);
        AppendNumber(ref rest, ",\"max_bytes\":"u8, maxBytes);
        if (noWait)
        {
            FrameWriter.Append(ref rest, ",\"no_wait\":true"u8);
        }

        FrameWriter.Append(ref rest, "}"u8);
        return connection.TryPublish(_subject, replyTo, default, body[..^rest.Length]);
    }

    private static void AppendNumber(ref Span<byte> rest, ReadOnlySpan<byte> name, long number)
    {
        if (number > 0)
        {
            FrameWriter.Append(ref rest, name);
            FrameWriter.Append(ref rest, number);
        }
    }
}
