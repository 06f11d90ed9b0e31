using System.CommandLine;
using System.Globalization;
using Simulation.Host.Configuration;
using Simulation.Host.Reports;
using Simulation.Host.Reports.Comparing;

namespace Simulation.Host.CommandLine;

/// <summary>Two runs side by side.</summary>
internal static class CompareCommand
{
    private const double MostTolerance = 10;

    public static Command Create(Surroundings surroundings)
    {
        var first = new Argument<string>("first") { Description = "The folder of the run that is compared with.", HelpName = "run folder" };
        var second = new Argument<string>("second") { Description = "The folder of the run that may be worse.", HelpName = "run folder" };
        var tolerance = new Option<string>("--tolerance") { Description = "Changes up to this are not worth a word.", HelpName = "SHARE", DefaultValueFactory = _ => "10%" };
        tolerance.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && ToleranceOf(text) is null)
            {
                result.AddError($"--tolerance: '{text}' is not a share such as 5% or 0.05.");
            }
        });
        var html = new Option<string?>("--html") { Description = "Where the page goes. Default: into the second run's folder.", HelpName = "FILE" };
        var command = new Command("compare", "Sets two runs side by side, and exits with 99 where the second is worse by more than noise.") { first, second, tolerance, html };
        command.SetAction(parsed =>
        {
            ComparedRun one = Read(parsed.GetRequiredValue(first));
            ComparedRun other = Read(parsed.GetRequiredValue(second));
            CheckComparable(one.Report, other.Report);
            Comparison comparison = Comparison.Of(one, other, ToleranceOf(parsed.GetRequiredValue(tolerance))!.Value);
            ComparisonText.Write(surroundings.Output, comparison);
            string page = parsed.GetValue(html) ?? other.Report.Folder.In($"compare-{one.Report.Manifest.RunId}.html");
            WritePage(page, comparison);
            surroundings.Output.WriteLine($"Page: {page}");
            return (int)comparison.ExitCode;
        });
        return command;
    }

    private static double? ToleranceOf(string text)
    {
        bool percent = text.EndsWith('%');
        bool understood = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        double share = percent ? value / 100 : value;
        return understood && share <= MostTolerance ? share : null;
    }

    private static ComparedRun Read(string path)
    {
        var steady = new SteadyBlocks();
        return new ComparedRun(EarlierRun.Open(path).Read(steady.Add), steady);
    }

    /// <summary>What takes a second in the virtual world says nothing about what it takes in the real one.</summary>
    private static void CheckComparable(RunReport first, RunReport second)
    {
        if (first.Folder.Path == second.Folder.Path)
        {
            throw new UserErrorException(ExitCode.Usage, "both are the same run; give the folders of two");
        }

        if (first.Manifest.World is var one && second.Manifest.World is var other && one != other)
        {
            throw new UserErrorException(ExitCode.Usage, $"simulation.world differs: {one} and {other}; what takes how long in one says nothing about the other");
        }
    }

    private static void WritePage(string path, Comparison comparison)
    {
        try
        {
            ReportJson.WriteWhole(path, ComparisonPage.Write(comparison));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"{path} cannot be written: {error.Message}", error);
        }
    }
}
