using System.Globalization;
using Microsoft.Playwright;

namespace Simulation.Browser.Tests;

/// <summary>
/// The pages as a browser shows them. With SIMULATION_SCREENSHOTS=DIR the pictures are kept there, to be looked at.
/// </summary>
public sealed class ReportPageTests(Chromium chromium, ReportedRuns runs) : IClassFixture<Chromium>, IClassFixture<ReportedRuns>
{
    private static readonly string[] Plots = ["faults", "throughput", "endToEnd", "heat", "publish", "lag", "workers"];

    [SkippableTheory]
    [InlineData("light", 1200, ColorScheme.Light)]
    [InlineData("dark", 1200, ColorScheme.Dark)]
    [InlineData("narrow", 380, ColorScheme.Light)]
    public async Task Report_InABrowser_DrawsEveryPlotWithoutAnErrorOrARequest(string name, int width, ColorScheme scheme)
    {
        foreach (string report in new[] { runs.Passed, runs.Violated })
        {
            await using OpenedPage opened = await OpenedPage.OpenAsync(chromium.Browser, report, width, scheme);
            foreach (string plot in Plots)
            {
                ILocator drawn = opened.Page.Locator($"figure[data-plot={plot}] svg path[d^=M], figure[data-plot={plot}] svg rect.lane");
                Assert.True(await drawn.CountAsync() > 0, $"{plot} is empty");
            }

            Assert.Equal(4, await opened.Page.Locator("figure[data-plot=faults] .lane:not(.heal)").CountAsync());
            Assert.False(await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), "the page is wider than the window");
            string background = await opened.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
            Assert.Equal(scheme == ColorScheme.Dark, Brightness(background) < 60);
            await opened.KeepPictureAsync($"{(report == runs.Passed ? "passed" : "violated")}-{name}");
            opened.AssertQuiet();
        }
    }

    [SkippableFact]
    public async Task Report_PointedAt_TellsTheTimeInEveryPlot()
    {
        await using OpenedPage opened = await OpenedPage.OpenAsync(chromium.Browser, runs.Passed, 1200, ColorScheme.Light);
        ILocator latency = opened.Page.Locator("figure[data-plot=endToEnd]");
        await latency.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await latency.Locator("svg").BoundingBoxAsync())!;
        await opened.Page.Mouse.MoveAsync(box.X + (box.Width * 0.32f), box.Y + (box.Height / 2));
        Assert.Contains("network_latency", await latency.Locator(".when").InnerTextAsync());
        Assert.Matches(@"p99 [\d.]+ (µs|ms|s)", await latency.Locator(".legend").InnerTextAsync());
        Assert.NotEqual("", await opened.Page.Locator("figure[data-plot=throughput] .when").InnerTextAsync());
        await opened.KeepPictureAsync("pointed", fullPage: false);

        // By keyboard as well.
        await latency.FocusAsync();
        string before = await latency.Locator(".when").InnerTextAsync();
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        Assert.NotEqual(before, await latency.Locator(".when").InnerTextAsync());
        opened.AssertQuiet();
    }

    [SkippableFact]
    public async Task Report_HeadOfATable_SortsIt()
    {
        await using OpenedPage opened = await OpenedPage.OpenAsync(chromium.Browser, runs.Passed, 1200, ColorScheme.Light);
        ILocator table = opened.Page.Locator("#partition-table");
        ILocator head = table.Locator("th").Filter(new LocatorFilterOptions { HasText = "Max latency" });
        async Task<double[]> Values() => await table.EvaluateAsync<double[]>("t => [...t.tBodies[0].rows].map(row => Number(row.cells[7].dataset.v))");
        double[] unsorted = await Values();
        Assert.Equal(40, unsorted.Length);
        await head.Locator("button").ClickAsync();
        Assert.Equal("descending", await head.GetAttributeAsync("aria-sort"));
        Assert.Equal(unsorted.OrderDescending(), await Values());
        await head.Locator("button").ClickAsync();
        Assert.Equal("ascending", await head.GetAttributeAsync("aria-sort"));
        Assert.Equal(unsorted.Order(), await Values());
        opened.AssertQuiet();
    }

    [SkippableFact]
    public async Task Report_OnPaper_IsWhiteWholeAndOpened()
    {
        await using OpenedPage opened = await OpenedPage.OpenAsync(chromium.Browser, runs.Violated, 1200, ColorScheme.Dark);
        await opened.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await opened.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.False(await opened.Page.Locator("nav").IsVisibleAsync());
        Assert.Equal("rgb(255, 255, 255)", await opened.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(0, await opened.Page.Locator("details[data-print]:not([open])").CountAsync());
        byte[] pdf = await opened.Page.PdfAsync(new PagePdfOptions { Format = "A4" });
        Assert.True(pdf.Length > 20_000);
        opened.KeepFile("violated.pdf", pdf);
        opened.AssertQuiet();
    }

    [SkippableTheory]
    [InlineData("light", 1200, ColorScheme.Light)]
    [InlineData("narrow-dark", 380, ColorScheme.Dark)]
    public async Task Comparison_InABrowser_ShowsEveryMetric(string name, int width, ColorScheme scheme)
    {
        await using OpenedPage opened = await OpenedPage.OpenAsync(chromium.Browser, runs.Comparison, width, scheme);
        Assert.Equal("Worse", await opened.Page.Locator("h1").InnerTextAsync());
        Assert.Equal(6, await opened.Page.Locator("section:has(#steady) tbody tr").CountAsync());
        Assert.False(await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), "the page is wider than the window");
        await opened.KeepPictureAsync($"compare-{name}");
        opened.AssertQuiet();
    }

    private static double Brightness(string rgb) =>
        rgb.Split('(', ',', ')').Where(part => part.Trim().Length > 0 && char.IsDigit(part.Trim()[0])).Take(3).Average(part => double.Parse(part, CultureInfo.InvariantCulture));
}
