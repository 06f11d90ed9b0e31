using Simulation.Host.Reports.Html;

namespace Simulation.Host.Reports;

/// <summary>Writes every form of a run's report into its folder.</summary>
internal static class ReportFiles
{
    public static void Write(RunReport run)
    {
        Report.Of(run).Write(run.Folder.ReportFile);
        ReportJson.WriteWhole(run.Folder.PageFile, ReportPage.Write(run));
        ReportJson.WriteWhole(run.Folder.JUnitFile, JUnitReport.Write(run));
        ReportJson.WriteWhole(run.Folder.SummaryFile, MarkdownSummary.Write(run));
    }
}
