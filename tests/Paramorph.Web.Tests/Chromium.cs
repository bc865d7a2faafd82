using Microsoft.Playwright;
using Paramorph.Server;

namespace Paramorph.Web.Tests;

/// <summary>A browser, and what it sees of the page.</summary>
internal static class Chromium
{
    private static readonly string[] programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing { get; } =
        !programs.Any(File.Exists) ? "there is no Chromium: apt-get install chromium" : !new Page().IsThere ? "the page is not part of this build: apt-get install nodejs npm, and build again" : null;

    /// <summary>Where screenshots are kept.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    /// <summary>Starts one.</summary>
    public static async Task<IBrowser> Start(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = programs.First(File.Exists),
        Args = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
    });
}

/// <summary>A test that needs Chromium, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Missing;
}

/// <summary>A test of several cases that needs Chromium, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.Missing;
}
