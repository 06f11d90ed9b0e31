using Simulation.Host.CommandLine;

namespace Simulation.Host.Tests.CommandLine;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(ExitCode.Violated, ExitCode.Inconclusive, ExitCode.Internal, ExitCode.Violated)]
    [InlineData(ExitCode.Internal, ExitCode.Inconclusive, ExitCode.ThresholdMissed)]
    [InlineData(ExitCode.Inconclusive, ExitCode.ThresholdMissed, ExitCode.Passed)]
    [InlineData(ExitCode.ThresholdMissed, ExitCode.Passed)]
    [InlineData(ExitCode.Passed)]
    public void Combine_Several_TheFirstOfTheListWins(ExitCode expected, params ExitCode[] others) =>
        Assert.Equal(expected, ExitCodes.Combine([.. others, expected]));
}
