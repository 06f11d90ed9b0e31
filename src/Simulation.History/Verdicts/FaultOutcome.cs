namespace Simulation.History;

/// <summary>What became of a fault that the run injected.</summary>
/// <param name="Number">In the plan.</param>
/// <param name="What">The kind and its targets.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Lasted">Until it was undone; null when no record says that it was.</param>
/// <param name="Proof">What shows that it bit; null when nothing does.</param>
/// <param name="Missed">Why it did not bite, or why that is not known; null when it did.</param>
/// <param name="PublishingAfter">Since it began, until a message was acknowledged once it was over; null when none was.</param>
/// <param name="OwnershipAfter">Since it began, until every partition had an owner; zero when they always had.</param>
/// <param name="BacklogAfter">Since it began, until no more messages waited than before; zero when there never were more.</param>
public sealed record FaultOutcome(
    long Number, string What, DateTimeOffset StartedAt, TimeSpan? Lasted, string? Proof, string? Missed,
    TimeSpan? PublishingAfter, TimeSpan? OwnershipAfter, TimeSpan? BacklogAfter)
{
    /// <summary>The fault that is in no plan: nobody conducted the run for a while. What it did to the rates is nobody's fault.</summary>
    public const string CoordinatorOutage = "coordinator_outage";

    /// <summary>Whether it is a <see cref="CoordinatorOutage"/>.</summary>
    public bool IsOutage => Number < 0;

    /// <summary>Below those of any plan, whose faults count from 1.</summary>
    public static long NumberOfOutage(int resumption) => -resumption;

    /// <summary>The name of its kind, without targets: <c>worker_crash</c>.</summary>
    public string Kind => What.Split(' ', 2)[0];

    /// <summary>Since it began, until all of that was well; null when something was not seen to be.</summary>
    public TimeSpan? WellAgainAfter =>
        PublishingAfter is { } publishing && OwnershipAfter is { } ownership && BacklogAfter is { } backlog
            ? new[] { publishing, ownership, backlog }.Max()
            : null;

    internal static FaultOutcome Of(long number, FaultState fault) => new(
        number, fault.What, UnixMicroseconds.ToTime(fault.StartedAt!.Value), Span(fault.EndedAt - fault.StartedAt),
        fault.Proof, fault.Bit ? null : string.IsNullOrEmpty(fault.Missed) ? "nothing shows that it did" : fault.Missed,
        Span(fault.PublishingAfter), Span(fault.OwnershipAfter), Span(fault.BacklogAfter));

    private static TimeSpan? Span(long? microseconds) => microseconds is { } time ? TimeSpan.FromMicroseconds(time) : null;
}
