namespace Simulation.Actors;

/// <summary>Mistakes that this room could have made; see docs/decisions/planted-bugs.md.</summary>
public static class PlantedBugs
{
    /// <summary>A worker acknowledges what it has received, and only then processes it.</summary>
    internal const string AckBeforeProcessing = "ack-before-processing";

    /// <summary>A producer publishes, and writes down that it meant to once it knows what came of it.</summary>
    internal const string PublishBeforeIntent = "publish-before-intent";

    /// <summary>A message that is published again no longer says which one it is.</summary>
    internal const string RetryUnderNewIdentity = "retry-under-new-identity";

    /// <summary>A message is published again although the server has forgotten it by then.</summary>
    internal const string RetryBeyondDuplicateWindow = "retry-beyond-duplicate-window";

    /// <summary>A worker does not pull again when a pull was ended by a conflict.</summary>
    internal const string FetchStallsAfterConflict = "fetch-stalls-after-409";

    /// <summary>The server is told to give up on a message after its second delivery.</summary>
    internal const string MaxDeliverExhausted = "max-deliver-exhausted";

    /// <summary>The drain is over when everything has been delivered, acknowledged or not.</summary>
    internal const string TailForgottenInDrain = "tail-forgotten-in-drain";

    public static IReadOnlyList<string> Names { get; } =
    [
        AckBeforeProcessing, PublishBeforeIntent, RetryUnderNewIdentity, RetryBeyondDuplicateWindow, FetchStallsAfterConflict, MaxDeliverExhausted,
        TailForgottenInDrain,
    ];
}
