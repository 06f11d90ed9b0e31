using System.Buffers.Text;
using Simulation.JetStream;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>What the server's status on a pull means.</summary>
internal static class PullStatus
{
    private const int IdleHeartbeat = 100;

    /// <summary>The pull is alive; nothing has come for it yet.</summary>
    public static bool IsHeartbeat(in StatusLine status) => status.Code == IdleHeartbeat;

    public static PullEnd EndOf(in StatusLine status) => status.Code switch
    {
        404 => PullEnd.NoMessages,
        408 => PullEnd.Expired,
        409 when Says(status, "Consumer Deleted") => PullEnd.ConsumerDeleted,
        409 => PullEnd.Conflict,
        503 => PullEnd.NoResponders,
        _ => PullEnd.Refused,
    };

    /// <summary>A conflict that goes away by itself: another leader, a server that restarts, a batch that is over, acknowledgements owed.</summary>
    public static bool Passes(in StatusLine status) =>
        Says(status, "Leadership Change") || Says(status, "Server Shutdown") || Says(status, "Batch Completed") || Says(status, "Exceeded MaxAckPending");

    /// <returns>How many messages the ended pull still had to get; null when the server does not say.</returns>
    public static int? PendingMessages(ReadOnlySpan<byte> headers)
    {
        ReadOnlySpan<byte> name = "Nats-Pending-Messages: "u8;
        int start = headers.IndexOf(name);
        return start >= 0 && Utf8Parser.TryParse(headers[(start + name.Length)..], out int pending, out _) ? pending : null;
    }

    private static bool Says(in StatusLine status, string text) => status.Text.Contains(text, StringComparison.OrdinalIgnoreCase);
}
