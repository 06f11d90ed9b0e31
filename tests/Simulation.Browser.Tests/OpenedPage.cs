using Microsoft.Playwright;

namespace Simulation.Browser.Tests;

/// <summary>A page, and everything that it said or asked for.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _said = [];
    private readonly List<string> _requested = [];

    private OpenedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    private static string? PictureFolder => Environment.GetEnvironmentVariable("SIMULATION_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public static async Task<OpenedPage> OpenAsync(IBrowser browser, string file, int width, ColorScheme scheme)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = new OpenedPage(context, await context.NewPageAsync());
        opened.Page.Console += (_, message) => opened._said.Add($"{message.Type}: {message.Text}");
        opened.Page.PageError += (_, error) => opened._said.Add(error);
        opened.Page.Request += (_, request) => opened._requested.Add(request.Url);
        await opened.Page.GotoAsync(new Uri(file).AbsoluteUri);
        opened._requested.RemoveAll(url => url == new Uri(file).AbsoluteUri || url.StartsWith("data:", StringComparison.Ordinal));
        return opened;
    }

    /// <summary>Nothing on the console, and no request but for the page itself.</summary>
    public void AssertQuiet()
    {
        Assert.Empty(_said);
        Assert.Empty(_requested);
    }

    public async Task KeepPictureAsync(string name, bool fullPage = true)
    {
        if (PictureFolder is { } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = fullPage });
        }
    }

    public void KeepFile(string name, byte[] content)
    {
        if (PictureFolder is { } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
