using Simulation.Kernel;

namespace Simulation.Chaos.Tests.Catalogue;

public sealed class FaultCatalogueTests
{
    public static TheoryData<FaultKind> Kinds => [.. Enum.GetValues<FaultKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_EveryKind_IsItsOwnEntry(FaultKind kind)
    {
        FaultEntry entry = FaultCatalogue.Of(kind);

        Assert.Equal(kind, entry.Kind);
        Assert.Same(entry, FaultCatalogue.Find(entry.Name));
        Assert.Equal(entry.Targets == TargetKind.Run, entry.Choices.IsEmpty);
        Assert.Equal(entry.Parameters.Length, entry.Parameters.DistinctBy(parameter => parameter.Name).Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Default_OfEveryParameter_IsWithinItsBoundsAndDrawsToWhatIs(FaultKind kind)
    {
        RandomStream random = RandomStream.Derive(1, "test");
        foreach (FaultParameter parameter in FaultCatalogue.Of(kind).Parameters)
        {
            Assert.Null(parameter.Check(parameter.Default));
            string drawn = parameter.Draw(parameter.Default, random);
            Assert.Null(parameter.Check(drawn));
            Assert.Equal(drawn, parameter.Draw(drawn, random));
        }
    }

    [Theory]
    [InlineData(FaultKind.WorkerCrash, "for", "2h", "2h is not within 0s to 1h")]
    [InlineData(FaultKind.WorkerCrash, "for", "30-10s", "ends before it begins")]
    [InlineData(FaultKind.WorkerCrash, "for", "soon", "expected a duration such as 10s")]
    [InlineData(FaultKind.ScaleUp, "by", "0", "0 is not within 1 to 1000")]
    [InlineData(FaultKind.ScaleUp, "by", "1.5", "expected a whole number")]
    [InlineData(FaultKind.SlowConsumer, "factor", "0.5", "0.5 is not within 1 to 1000")]
    [InlineData(FaultKind.StoreBitflip, "file", "blok", "expected block, index, consumer, meta or any, found 'blok'")]
    public void Check_WhatCannotBe_IsTold(FaultKind kind, string parameter, string value, string expected) =>
        Assert.Contains(expected, FaultCatalogue.Of(kind).Find(parameter)!.Check(value));
}
