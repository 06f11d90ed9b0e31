using System.Globalization;
using System.Xml;
using Simulation.History;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>
/// junit.xml, for CI: one test case for every class of the verdict, for whether it is certain, for every threshold and for every fault.
/// What is wrong with messages and thresholds are failures; what is not known, and faults that did not bite, are errors.
/// </summary>
internal static class JUnitReport
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, Encoding = new System.Text.UTF8Encoding(false) };

    public static string Write(RunReport run)
    {
        Suite[] suites = [Certainty(run), Classes(run), Thresholds(run), Faults(run)];
        using var text = new Utf8Writer();
        using (XmlWriter xml = XmlWriter.Create(text, Settings))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", $"simulation run {run.Manifest.RunId}");
            WriteCounts(xml, [.. suites.SelectMany(suite => suite.Cases)]);
            foreach (Suite suite in suites.Where(suite => suite.Cases.Length > 0))
            {
                WriteSuite(xml, suite, run.Manifest.StartedAt);
            }

            xml.WriteEndElement();
        }

        return text.ToString() + "\n";
    }

    private static Suite Certainty(RunReport run) => new("verdict", run.Verdict is { } verdict
        ? [new Case("certain", Error: verdict.Doubts.IsEmpty ? null : string.Join(" ", verdict.Doubts))]
        : [new Case("certain", Error: "The run was stopped at once, and nobody judged.")]);

    private static Suite Classes(RunReport run) => new("classes", [.. (run.Verdict?.Findings ?? []).Select(finding => new Case(
        VerdictText.NameOf(finding.Class),
        Failure: finding is { FailsRun: true, Count: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{finding.Count}: {VerdictText.MeaningOf(finding.Class)}") : null,
        Output: finding is { FailsRun: false, Count: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{finding.Count}, {VerdictText.WhyNotFailing(finding)}") : null,
        Details: string.Join('\n', (run.Verdict?.Evidence ?? []).Where(evidence => finding.FailsRun && evidence.Class == finding.Class))))]);

    private static Suite Thresholds(RunReport run) => new("thresholds", [.. run.Thresholds.Select(result => new Case(
        result.Threshold.ToString(), Failure: result.Missed, Output: result.IsKept ? result.ShownValue : null))]);

    private static Suite Faults(RunReport run) => new("faults", [.. (run.Verdict?.Faults ?? []).Select(fault => new Case(
        string.Create(CultureInfo.InvariantCulture, $"{fault.Number} {fault.What}"),
        Error: fault.Missed is null ? null : fault.Shown,
        Output: fault.Missed is null ? fault.Shown : null,
        Seconds: fault.WellAgainAfter?.TotalSeconds))]);

    private static void WriteSuite(XmlWriter xml, Suite suite, DateTimeOffset startedAt)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", suite.Name);
        xml.WriteAttributeString("timestamp", startedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        WriteCounts(xml, suite.Cases);
        foreach (Case one in suite.Cases)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", $"simulation.{suite.Name}");
            xml.WriteAttributeString("name", Legal(one.Name));
            xml.WriteAttributeString("time", (one.Seconds ?? 0).ToString("0.###", CultureInfo.InvariantCulture));
            WriteProblem(xml, "failure", one.Failure, one.Details);
            WriteProblem(xml, "error", one.Error, "");
            if (one.Output is { } output)
            {
                xml.WriteElementString("system-out", Legal(output));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, Case[] cases)
    {
        xml.WriteAttributeString("tests", cases.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", cases.Count(one => one.Failure is not null).ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", cases.Count(one => one.Error is not null).ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteProblem(XmlWriter xml, string element, string? message, string details)
    {
        if (message is null)
        {
            return;
        }

        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Legal(message));
        xml.WriteString(Legal(details));
        xml.WriteEndElement();
    }

    /// <summary>What a server said may hold anything.</summary>
    private static string Legal(string text) => string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : '?'));

    private sealed record Suite(string Name, Case[] Cases);

    private sealed record Case(string Name, string? Failure = null, string? Error = null, string? Output = null, string Details = "", double? Seconds = null);

    private sealed class Utf8Writer : StringWriter
    {
        public override System.Text.Encoding Encoding { get; } = new System.Text.UTF8Encoding(false);
    }
}
