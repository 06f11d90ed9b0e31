using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>What the server's status on a pull means to who pulled.</summary>
internal static class PullStatusMeaning
{
    public static PullEnd EndOf(in PullStatus status) => status.Code switch
    {
        404 => PullEnd.NoMessages,
        408 => PullEnd.Expired,
        409 when status.Text == "Consumer Deleted" => PullEnd.ConsumerDeleted,
        409 => PullEnd.Conflict,
        503 => PullEnd.NoResponders,
        _ => PullEnd.Refused,
    };

    /// <summary>A conflict that goes away by itself.</summary>
    public static bool Passes(in PullStatus status) => status.Text is "Leadership Change" or "Server Shutdown" or "Batch Completed";
}
