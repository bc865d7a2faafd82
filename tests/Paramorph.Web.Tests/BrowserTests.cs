using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Paramorph.Web.Tests;

/// <summary>A server and a browser that looks at its page.</summary>
public abstract class BrowserTests : IAsyncLifetime
{
    /// <summary>Only a page that is broken takes longer than this, in milliseconds, however busy the machine is.</summary>
    private const float Patience = 180_000;

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>What the page, its console or axe complained of, and requests to other places.</summary>
    protected List<string> Complaints { get; } = [];

    /// <summary>The server of the page.</summary>
    protected Served Served { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        SetDefaultExpectTimeout(Patience);
        if (Chromium.Missing is not null) return;
        Served = Served.Start();
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.Start(playwright);
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        Served?.Dispose();
    }

    /// <summary>Nobody complained.</summary>
    protected void Silent() => Assert.True(Complaints.Count == 0, string.Join('\n', Complaints.Distinct()));

    /// <summary>A page whose complaints, and whose questions to other places, are kept.</summary>
    protected async Task<IPage> Open(int width, int height, ColorScheme theme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new() { BaseURL = Served.Address.GetLeftPart(UriPartial.Authority), ViewportSize = new() { Width = width, Height = height }, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        var own = Served.Address.GetLeftPart(UriPartial.Authority);
        page.Console += (_, message) =>
        {
            // A page that is not there says so.
            if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(own, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) Complaints.Add($"asked {request.Url}");
        };
        return page;
    }

    /// <summary>Keeps what is seen, and lets axe look for what keeps people out.</summary>
    protected async Task Look(IPage page, string name, bool isChecked = true)
    {
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, $"{name}.png"), FullPage = !name.Contains("atlas", StringComparison.Ordinal) && !name.Contains("search", StringComparison.Ordinal) });
        if (!isChecked) return;
        var found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Complaints.AddRange(found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{name}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
    }
}
