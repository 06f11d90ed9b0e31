namespace Simulation.History;

/// <summary>What became of a fault that the run injected.</summary>
/// <param name="Number">In the plan.</param>
/// <param name="What">The kind and its targets.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Lasted">Until it was undone; null when no record says that it was.</param>
/// <param name="Proof">What shows that it bit; null when nothing does.</param>
/// <param name="Missed">Why it did not bite, or why that is not known; null when it did, or when it is <see cref="IsCutOff"/>.</param>
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
    public bool IsOutage => IsNumberOfOutage(Number);

    /// <summary>
    /// Whether the coordinator died before it was known whether the fault bit, and it was not begun again. Nobody can tell, and nobody has to: the
    /// outage that ended it is a fault of its own.
    /// </summary>
    public bool IsCutOff { get; init; }

    /// <summary>What shows that it bit, or what is known instead.</summary>
    public string Shown => Proof ?? (IsCutOff ? "cut off by an outage of the coordinator before it showed" : $"did not bite: {Missed}");

    /// <summary>Below those of any plan, whose faults count from 1.</summary>
    public static long NumberOfOutage(int resumption) => -resumption;

    internal static bool IsNumberOfOutage(long number) => number < 0;

    /// <summary>The name of its kind, without targets: <c>worker_crash</c>.</summary>
    public string Kind => What.Split(' ', 2)[0];

    /// <summary>Since it began, until all of that was well; null when something was not seen to be.</summary>
    public TimeSpan? WellAgainAfter =>
        PublishingAfter is { } publishing && OwnershipAfter is { } ownership && BacklogAfter is { } backlog
            ? new[] { publishing, ownership, backlog }.Max()
            : null;

    /// <summary>Whether the run was dead before it was well again: who watched for that had gone.</summary>
    /// <param name="all">Of the run.</param>
    public bool RecoveryWasCutOff(IEnumerable<FaultOutcome> all) => WellAgainAfter is null && !IsOutage && all.Any(other => other.IsOutage && other.StartedAt >= StartedAt);

    /// <param name="number">In the plan.</param>
    /// <param name="fault">What is known of it.</param>
    /// <param name="lastOutage">When the last outage began; null when there was none.</param>
    internal static FaultOutcome Of(long number, FaultState fault, long? lastOutage)
    {
        bool isCutOff = !fault.IsSettled && fault.StartedAt <= lastOutage;
        return new FaultOutcome(
            number, fault.What, UnixMicroseconds.ToTime(fault.StartedAt!.Value), Span(fault.EndedAt - fault.StartedAt),
            fault.Proof, fault.Bit || isCutOff ? null : string.IsNullOrEmpty(fault.Missed) ? "nothing shows that it did" : fault.Missed,
            Span(fault.PublishingAfter), Span(fault.OwnershipAfter), Span(fault.BacklogAfter))
        {
            IsCutOff = isCutOff,
        };
    }

    private static TimeSpan? Span(long? microseconds) => microseconds is { } time ? TimeSpan.FromMicroseconds(time) : null;
}
