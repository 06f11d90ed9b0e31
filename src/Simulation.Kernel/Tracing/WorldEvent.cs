namespace Simulation.Kernel;

/// <summary>One thing that happened in a world.</summary>
/// <param name="At">Time since the system started.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Actor">The path of the actor (or the name of the thing) that it happened to: for <see cref="WorldEventKind.Told"/> the receiver.</param>
/// <param name="Sender">The path of who sent the message; null when nobody did.</param>
/// <param name="Subject">The message, or the error of a failure; null when there is none.</param>
public readonly record struct WorldEvent(TimeSpan At, WorldEventKind Kind, string Actor, string? Sender = null, object? Subject = null)
{
    /// <summary>The subject on one line; empty when there is none.</summary>
    public string Text => Subject is null ? "" : OneLine.Of(Subject);

    /// <summary>One line: when, who, what.</summary>
    public override string ToString()
    {
        string who = Sender is null ? Actor : $"{Sender} -> {Actor}";
        return $@"{(long)At.TotalHours:00}:{At:mm\:ss\.fffffff} {KindName,-9} {who} {Text}".TrimEnd();
    }

    private string KindName => Kind switch
    {
        WorldEventKind.TimerFired => "timer",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
