using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Model.Tests.Differential;

public enum StepKind
{
    Publish, PublishIdentified, PublishExpectingLast, PublishExpectingLastOfSubject, DeleteMessage, Purge, GetMessage, GetLast,
    CreateConsumer, UpdateConsumer, DeleteConsumer, Fetch, Ack, Nak, Terminate,
}

/// <summary>One operation of a random script. What its numbers mean depends on its kind; any numbers make sense.</summary>
public readonly record struct Step(StepKind Kind, int A, int B, int C)
{
    private static readonly (int Weight, StepKind Kind)[] Weights =
    [
        (8, StepKind.Publish), (3, StepKind.PublishIdentified), (2, StepKind.PublishExpectingLast), (2, StepKind.PublishExpectingLastOfSubject),
        (1, StepKind.DeleteMessage), (1, StepKind.Purge), (1, StepKind.GetMessage), (1, StepKind.GetLast),
        (3, StepKind.CreateConsumer), (1, StepKind.UpdateConsumer), (1, StepKind.DeleteConsumer),
        (6, StepKind.Fetch), (5, StepKind.Ack), (3, StepKind.Nak), (1, StepKind.Terminate),
    ];

    private static Gen<Step> One { get; } =
        from kind in Gen.Frequency(Weights.Select(weight => (weight.Weight, Gen.Constant(weight.Kind))))
        from a in Gen.Choose(0, 11)
        from b in Gen.Choose(0, 11)
        from c in Gen.Choose(0, 11)
        select new Step(kind, a, b, c);

    /// <summary>A stream's configuration, in three numbers, and what is done to it. Shrinks by leaving steps out.</summary>
    public static Arbitrary<(Step Stream, Step[] Steps)> Scripts { get; } = Arb.From(
        One.Zip(Gen.Choose(10, 30).SelectMany(length => One.ArrayOf(length))).Select(pair => (pair.Item1, pair.Item2)),
        script => script.Item2.Select((_, left) => (script.Item1, script.Item2.Where((_, i) => i != left).ToArray())));
}
