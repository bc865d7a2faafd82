using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Paramorph.Papers;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Paramorph.Web.Tests;

/// <summary>The page as a person uses it, in a browser: with a large window and on a phone, with a mouse and with keys.</summary>
public sealed partial class PageTests(ITestOutputHelper output) : BrowserTests
{
    [ChromiumTheory]
    [InlineData("desktop", 1280, 900)]
    [InlineData("phone", 390, 844)]
    public async Task A_person_finds_a_paper_runs_it_compares_and_fits_a_model(string name, int width, int height)
    {
        var page = await Open(width, height);
        await page.GotoAsync("/");
        await Expect(page.Locator("h1")).ToContainTextAsync($"{Catalogue.Papers.Count} papers");

        // Filter.
        await page.GetByLabel("Filter by words").FillAsync("quadratic");
        await Expect(page.Locator(".found")).ToContainTextAsync("of");
        await Expect(page.Locator("li[data-place]:visible")).Not.ToHaveCountAsync(Catalogue.Papers.Count);
        Assert.All(await page.Locator("li[data-place]:visible a").AllTextContentsAsync(), text => Assert.NotEmpty(text));
        await Look(page, $"{name}-atlas");

        // Search, with keys alone.
        await page.Locator("#search-input").FocusAsync();
        await page.Keyboard.TypeAsync("quadratic neurons as linear");
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await Look(page, $"{name}-search");
        await page.Locator("#search-input").FillAsync("relinear");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("On Expressivity and Trainability of Quadratic Networks");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/papers/relinear");
        await Expect(page.GetByText("src/Paramorph.Papers/Neurons/Relinear.cs")).ToBeVisibleAsync();
        await Expect(page.Locator("#similar li").First).ToBeVisibleAsync();
        await Look(page, $"{name}-paper");

        // Run it, see the curve grow and the verdict.
        await page.GetByLabel("Seeds").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/runs/1");
        var curve = page.Locator(".curve");
        await Expect(curve).Not.ToHaveAttributeAsync("data-points", "0");
        var before = int.Parse((await curve.GetAttributeAsync("data-points"))!, CultureInfo.InvariantCulture);
        await Look(page, $"{name}-running", isChecked: false);
        await Expect(curve).Not.ToHaveAttributeAsync("data-points", before.ToString(CultureInfo.InvariantCulture));
        await Expect(page.Locator("#verdict")).ToContainTextAsync("not decided");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What was measured" })).ToBeVisibleAsync();
        await Expect(page.Locator("#result .chart svg").First).ToBeVisibleAsync();
        await Look(page, $"{name}-run");

        // The report.
        var report = await page.RunAndWaitForPopupAsync(() => page.Locator("#report").ClickAsync());
        await Expect(report.Locator("h1")).ToContainTextAsync("relinear");
        await report.CloseAsync();

        // Two runs.
        await Served.Post("/api/runs", new { kind = "Paper", id = "relinear", size = "Smoke", seeds = 2 });
        await Served.Until(2, "Finished");
        await page.GotoAsync("/runs");
        await page.GetByLabel("Compare run 1").CheckAsync();
        await page.GetByLabel("Compare run 2").CheckAsync();
        await Look(page, $"{name}-runs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare runs 1 and 2" }).ClickAsync();
        await Expect(page.Locator("#bits")).ToHaveTextAsync("the same");
        await Look(page, $"{name}-compare");

        // A model for a table.
        await page.GotoAsync("/fit");
        await page.Locator("#file").SetInputFilesAsync(Repository.File("samples", "data", "propeller.csv"));
        await Expect(page.Locator("#understood-problem")).ToHaveTextAsync("table-regression");
        await Expect(page.GetByLabel("What thrust_N is")).ToHaveValueAsync("target");
        await page.GetByLabel("What vibration_mm_s is").SelectOptionAsync("ignored");
        await Expect(page.Locator("section[aria-busy=false]")).ToBeVisibleAsync();
        await Look(page, $"{name}-fit");
        await page.GetByLabel("Budget").FillAsync("3000steps");
        await page.GetByLabel("mlp", new() { Exact = false }).First.CheckAsync();
        await page.Locator("#begin").ClickAsync();
        await page.WaitForURLAsync("**/runs/3");
        await page.Locator("#to-model").ClickAsync();
        await page.WaitForURLAsync("**/models/propeller");
        await Expect(page.GetByText("on rows that were put aside").First).ToBeVisibleAsync();

        // Its folder, and an answer.
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#zip").ClickAsync());
        using (var archive = ZipFile.OpenRead(await download.PathAsync())) Assert.Contains(archive.Entries, entry => entry.FullName == "propeller/model.safetensors");
        await page.GetByLabel("diameter_mm").FillAsync("400");
        await page.GetByLabel("rpm").FillAsync("5000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();
        await Expect(page.Locator("#answers td").First).ToBeVisibleAsync();
        Assert.Matches(NumberLike(), (await page.Locator("#answers td").First.TextContentAsync())!);
        await page.Locator("#inspect").ClickAsync();
        await Expect(page.GetByText("operations an answer")).ToBeVisibleAsync();
        await Look(page, $"{name}-model");

        // The same in less room.
        await page.Locator("#shrink").ClickAsync();
        await page.WaitForURLAsync("**/models/propeller-8bit");
        await Expect(page.GetByText("rounded to 8 bits")).ToBeVisibleAsync();
        Silent();
    }

    [ChromiumFact]
    public async Task What_a_search_finds_late_does_not_cover_the_page_that_was_opened()
    {
        var page = await Open(1280, 900);
        await page.GotoAsync("/");
        await page.Locator("#search-input").FillAsync("relinear");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Quadratic Networks");
        await page.RouteAsync("**/api/search**", async route =>
        {
            await Task.Delay(1000);
            await route.ContinueAsync();
        });
        await page.RunAndWaitForResponseAsync(
            async () =>
            {
                // It is asked a moment after the last letter, which may be before the letter is said to be typed.
                await page.RunAndWaitForRequestAsync(() => page.Keyboard.TypeAsync("s"), request => request.Url.Contains("/api/search", StringComparison.Ordinal));
                await page.Keyboard.PressAsync("Enter");
                await page.WaitForURLAsync("**/papers/relinear");
            },
            response => response.Url.Contains("/api/search", StringComparison.Ordinal));
        await Expect(page.Locator("#similar li").First).ToBeVisibleAsync();
        await Expect(page.Locator("#found")).ToBeHiddenAsync();
        Silent();
    }

    [ChromiumFact]
    public async Task Leaderboards_are_sorted_and_two_methods_are_told_apart()
    {
        var page = await Open(1280, 900);
        await page.GotoAsync("/benches");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("table-classification") }).ClickAsync();
        var first = page.Locator("#board tbody tr").First;
        await Expect(first).ToBeVisibleAsync();
        var leader = await first.Locator("strong").TextContentAsync();
        await page.Locator("#board").GetByRole(AriaRole.Button, new() { Name = "parameters" }).ClickAsync();
        await Expect(page.Locator("#board th[aria-sort=ascending]")).ToContainTextAsync("parameters");
        var parameters = (await page.Locator("#board tbody tr td:nth-last-child(3)").AllTextContentsAsync()).Select(text => long.Parse(text.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(parameters.Order(), parameters);
        await Expect(page.Locator("#difference table")).ToContainTextAsync(leader!);
        await Look(page, "desktop-bench");
        Silent();
    }

    [ChromiumFact]
    public async Task The_map_is_walked_by_keys()
    {
        var page = await Open(1280, 900);
        await page.GotoAsync("/?view=map");
        await Expect(page.Locator(".map svg a")).ToHaveCountAsync(Catalogue.Papers.Count);
        await page.Locator(".map svg a[tabindex='0']").FocusAsync();
        await Expect(page.Locator(".map-card")).ToBeVisibleAsync();
        HashSet<string?> seen = [await page.Locator(".map-card strong").TextContentAsync()];
        foreach (var key in (string[])["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"])
        {
            await page.Keyboard.PressAsync(key);
            seen.Add(await page.Locator(".map-card strong").TextContentAsync());
        }

        // Four steps, one each way, may well end where they began; papers lie on at least two sides of any.
        Assert.InRange(seen.Count, 3, 5);
        await Look(page, "desktop-map");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/papers/*");
        Silent();
    }

    [ChromiumFact]
    public async Task Filtering_keeps_the_rows_and_shows_each_letter_within_a_frame()
    {
        var page = await Open(1280, 900);
        await page.GotoAsync("/");
        await Expect(page.Locator("li[data-place]")).ToHaveCountAsync(Catalogue.Papers.Count);
        await page.EvaluateAsync(
            """
            () => {
                window.rows = [...document.querySelectorAll("li[data-place]")];
                window.longest = 0;
                let last = performance.now();
                const frame = now => { window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(frame); };
                requestAnimationFrame(now => { last = now; requestAnimationFrame(frame); });
            }
            """);
        await page.GetByLabel("Filter by words").PressSequentiallyAsync("graph neural networks for molecules", new() { Delay = 60 });
        Assert.True(await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('li[data-place]')].every((row, i) => row === window.rows[i])"));
        output.WriteLine($"the longest frame while {Catalogue.Papers.Count} papers were filtered: {await page.EvaluateAsync<double>("() => window.longest"):F1} ms");
        var paint = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var shown = Catalogue.Papers.Count(paper => "graph neural networks for molecules".Split(' ').All($"{paper.Id} {paper.Title} {paper.What} {paper.Kind} {paper.Family}".ToLowerInvariant().Contains));
        await Expect(page.Locator("li[data-place]:visible")).ToHaveCountAsync(shown);
        output.WriteLine($"first paint of the atlas: {paint:F0} ms");
    }

    [ChromiumFact]
    public async Task Markup_in_a_file_is_text()
    {
        const string Header = "<img src=x onerror=\"document.title='taken'\">";
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 7},{(i * 3) % 11}\n"));
        var page = await Open(1280, 900);
        await page.GotoAsync("/fit");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "<b>bold</b>.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes($"\"{Header.Replace("\"", "\"\"", StringComparison.Ordinal)}\",b,\"<script>1</script>\"\n{rows}") });
        await Expect(page.Locator("td strong").First).ToHaveTextAsync(Header);
        await Expect(page.Locator("main img")).ToHaveCountAsync(0);
        await Expect(page.Locator("main script")).ToHaveCountAsync(0);
        Assert.DoesNotContain("taken", await page.TitleAsync(), StringComparison.Ordinal);
        Silent();
    }

    [ChromiumFact]
    public async Task A_run_is_stopped_survives_a_restart_and_goes_on()
    {
        var page = await Open(1280, 900);
        await page.GotoAsync("/papers/sparse-rnn");
        await page.GetByLabel("Seeds").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/runs/1");
        await page.Locator("#stop").ClickAsync();
        await Expect(page.Locator(".run-head .chip").First).ToHaveTextAsync("stopped");
        Served.KillAndStart();
        page = await Open(1280, 900);
        await page.GotoAsync("/runs/1");
        await page.Locator("#resume").ClickAsync();
        await Expect(page.Locator("#verdict")).ToContainTextAsync("not decided");
    }

    [GeneratedRegex("^[−-]?[0-9]")]
    private static partial Regex NumberLike();
}
