using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Paramorph.Papers;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Paramorph.Web.Tests;

/// <summary>The page as a person uses it, in a browser: with a large window and on a phone, with a mouse and with keys.</summary>
public sealed partial class PageTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Only a page that is broken takes longer than this, in milliseconds, however busy the machine is.</summary>
    private const float Patience = 180_000;

    private readonly List<string> complaints = [];
    private Served served = null!;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        SetDefaultExpectTimeout(Patience);
        if (Chromium.Missing is not null) return;
        served = Served.Start();
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.Start(playwright);
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        served?.Dispose();
    }

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
        // By key: a pointer may miss what moves between press and release, as pages do that pictures are still added to.
        var report = await page.Context.RunAndWaitForPageAsync(() => page.Locator("#report").PressAsync("Enter"));
        await Expect(report.Locator("h1")).ToContainTextAsync("relinear");
        await report.CloseAsync();

        // Two runs.
        await served.Post("/api/runs", new { kind = "Paper", id = "relinear", size = "Smoke", seeds = 2 });
        await served.Until(2, "Finished");
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
        served.KillAndStart();
        page = await Open(1280, 900);
        await page.GotoAsync("/runs/1");
        await page.Locator("#resume").ClickAsync();
        await Expect(page.Locator("#verdict")).ToContainTextAsync("not decided");
    }

    [ChromiumTheory]
    [InlineData("phone", 390)]
    [InlineData("tablet", 820)]
    [InlineData("wide", 1440)]
    public async Task Every_page_fits_its_window_in_both_themes(string name, int width)
    {
        await served.Send("/api/uploads?name=propeller.csv", File.ReadAllText(Repository.File("samples", "data", "propeller.csv")));
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
                if (overflow > 0) complaints.Add($"{path} is {overflow} pixels wider than a window of {width}");
            }
            await page.Context.CloseAsync();
        }
        Silent();
    }

    /// <summary>Nobody complained.</summary>
    private void Silent() => Assert.True(complaints.Count == 0, string.Join('\n', complaints.Distinct()));

    /// <summary>A page whose complaints, and whose questions to other places, are kept.</summary>
    private async Task<IPage> Open(int width, int height, ColorScheme theme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new() { BaseURL = served.Address.GetLeftPart(UriPartial.Authority), ViewportSize = new() { Width = width, Height = height }, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        var own = served.Address.GetLeftPart(UriPartial.Authority);
        page.Console += (_, message) =>
        {
            // A page that is not there says so.
            if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(own, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) complaints.Add($"asked {request.Url}");
        };
        return page;
    }

    /// <summary>Keeps what is seen, and lets axe look for what keeps people out.</summary>
    private async Task Look(IPage page, string name, bool isChecked = true)
    {
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, $"{name}.png"), FullPage = !name.Contains("atlas", StringComparison.Ordinal) && !name.Contains("search", StringComparison.Ordinal) });
        if (!isChecked) return;
        var found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        complaints.AddRange(found.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{name}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
    }

    [GeneratedRegex("^[−-]?[0-9]")]
    private static partial Regex NumberLike();
}
