using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Paramorph.Web.Tests;

/// <summary>How every page looks: at three widths, in both themes.</summary>
public sealed class LookTests : BrowserTests
{
    [ChromiumTheory]
    [InlineData("phone", 390)]
    [InlineData("tablet", 820)]
    [InlineData("wide", 1440)]
    public async Task Every_page_fits_its_window_in_both_themes(string name, int width)
    {
        await Served.Send("/api/uploads?name=propeller.csv", File.ReadAllText(Repository.File("samples", "data", "propeller.csv")));
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            var page = await Open(width, 900, theme);
            foreach (var path in (string[])["/", "/?view=map", "/papers/relinear", "/papers/mip-hypernet", "/benches", "/benches/fields", "/runs", "/fit", "/models", "/nowhere"])
            {
                await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
                await Expect(page.Locator("h1, [role=alert], .hero").First).ToBeVisibleAsync();
                if (path.EndsWith("map", StringComparison.Ordinal)) await Expect(page.Locator(".map svg a").First).ToBeVisibleAsync();
                var shot = path.Trim('/').Replace('/', '-').Replace("?view=", "", StringComparison.Ordinal);
                // Colours differ by theme and order by width, so that axe, which takes seconds a page, need not see each pair.
                await Look(page, $"{name}-{theme.ToString().ToLowerInvariant()}-{(shot.Length == 0 ? "atlas" : shot)}", isChecked: (name, theme) is ("phone", ColorScheme.Light) or ("wide", ColorScheme.Dark));
                var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (overflow > 0) Complaints.Add($"{path} is {overflow} pixels wider than a window of {width}");
            }
            await page.Context.CloseAsync();
        }
        Silent();
    }
}
