using System.CommandLine;
using Simulation.History;
using Simulation.Host.View;

namespace Simulation.Host.CommandLine;

/// <summary>The verdict once more, from the logs alone.</summary>
internal static class CheckCommand
{
    public static Command Create(Surroundings surroundings)
    {
        Argument<string> folder = RunFolderArgument();
        var command = new Command("check", "Gives the verdict of an earlier run again, from its history alone.") { folder };
        command.SetAction(parsed =>
        {
            Verdict verdict = WithHistory(() => Checker.Check(parsed.GetRequiredValue(folder)));
            Summary.Write(surroundings.Output, verdict);
            return (int)(verdict.Outcome switch
            {
                VerdictOutcome.Passed => ExitCode.Passed,
                VerdictOutcome.Violated => ExitCode.Violated,
                _ => ExitCode.Inconclusive,
            });
        });
        return command;
    }

    public static Argument<string> RunFolderArgument() => new("run folder") { Description = "The folder of a run, for example runs/20261121T101530Z-4f2a9c1e.", HelpName = "run folder" };

    /// <exception cref="UserErrorException">There is no history in that folder.</exception>
    public static T WithHistory<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DirectoryNotFoundException error)
        {
            throw new UserErrorException(ExitCode.Usage, error.Message, error);
        }
    }
}
