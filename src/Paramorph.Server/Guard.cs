using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Paramorph.Server;

/// <summary>
/// Who may ask. On loopback the name in <c>Host</c> must be one of this machine, so that no other site can point a name of its own here; beyond loopback a token is asked for. In both, a page of
/// another site may ask nothing.
/// </summary>
internal sealed class Guard
{
    private const string Cookie = "paramorph-token";
    private readonly string? token;

    /// <param name="isOpen">Whether others than this machine can reach the page.</param>
    public Guard(bool isOpen) => token = isOpen ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)) : null;

    /// <summary>What a person adds to the address; empty on loopback.</summary>
    public string Query => token is null ? "" : $"?token={token}";

    /// <summary>Lets a request through, or refuses it.</summary>
    public async Task Check(HttpContext context, RequestDelegate next)
    {
        Protect(context.Response.Headers);
        if (token is null && !IsHere(context.Request.Host.Host))
        {
            await Refuse(context, 421, $"this page is for this machine alone: open it as http://127.0.0.1:{context.Connection.LocalPort}.").ConfigureAwait(false);
            return;
        }
        if (!IsOwn(context.Request))
        {
            await Refuse(context, 403, "a page of another site may ask nothing here.").ConfigureAwait(false);
            return;
        }
        if (token is not null && !await Knows(context).ConfigureAwait(false)) return;
        await next(context).ConfigureAwait(false);
    }

    /// <summary>Answers with a sentence.</summary>
    public static Task Refuse(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return Answer.Json(context, new Failure(sentence), ServerJson.Default.Failure);
    }

    private static bool IsHere(string host) => host is "localhost" or "127.0.0.1" or "[::1]";

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "SAMEORIGIN";
    }

    /// <summary>Whether a request comes from this page, from a person's own address bar, or from a program.</summary>
    private static bool IsOwn(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        // A link of another site may open the page, as a person would, but nothing behind it.
        if (site == "cross-site" || site == "same-site") return HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && !request.Path.StartsWithSegments("/api");
        return StringValues.IsNullOrEmpty(request.Headers.Origin) || request.Headers.Origin == $"{request.Scheme}://{request.Host.Value}";
    }

    private async Task<bool> Knows(HttpContext context)
    {
        var request = context.Request;
        if (Same(request.Cookies[Cookie]) || (request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal) && Same(header["Bearer ".Length..]))) return true;
        if (HttpMethods.IsGet(request.Method) && Same(request.Query["token"]))
        {
            context.Response.Cookies.Append(Cookie, token!, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            // The token does not stay in the address bar.
            context.Response.Redirect(request.Path.HasValue ? request.Path.Value! : "/");
            return false;
        }
        await Refuse(context, 401, "this page asks for its token: open the address that paramorph serve printed.").ConfigureAwait(false);
        return false;
    }

    private bool Same(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token!));
}
