using System.Reflection;

namespace Simulation.Host.Reports.Html;

/// <summary>One file that opens anywhere, without a network: whatever it holds, a browser fetches nothing for it.</summary>
internal static class Page
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    /// <param name="title">Of the window.</param>
    /// <param name="tone">passed, violated or inconclusive.</param>
    /// <param name="body">Everything that is seen.</param>
    public static string Write(string title, string tone, Markup body) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>{title}</title>
        <style>{Resource("report.css")}</style>
        </head>
        <body class="tone-{tone}">
        {body}
        </body>
        </html>

        """).ToString();

    /// <summary>A source that is ours.</summary>
    public static Markup Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"report/{name}")!;
        using var reader = new StreamReader(stream);
        return Markup.Raw(reader.ReadToEnd());
    }
}
