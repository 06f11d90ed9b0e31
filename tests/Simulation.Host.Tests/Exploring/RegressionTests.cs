using Simulation.Host.Configuration;
using Simulation.Host.Exploring;

namespace Simulation.Host.Tests.Exploring;

/// <summary>Schedules that once went wrong, as <c>shrink</c> wrote them. Each file says what it was.</summary>
public sealed class RegressionTests
{
    private static readonly string Folder = Repository.PathOf("tests", "Simulation.Host.Tests", "Exploring", "Regressions");

    public static TheoryData<string> Schedules { get; } = [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order()];

    [Theory, MemberData(nameof(Schedules))]
    public void Run_ScheduleThatOnceWentWrong_Passes(string schedule)
    {
        var sources = new ConfigurationSources { File = Path.Combine(Folder, schedule) };

        SeedResult result = SeedRunner.Run(new SeedCase(ConfigurationLoader.Load(sources).Config, []));

        Assert.Equal(SeedOutcome.Passed, result.Outcome);
    }
}
