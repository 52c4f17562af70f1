using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EcgFm.Edge.Dashboard;

/// <summary>
/// Who may see the page: whoever shows the token, as <c>?token=</c> once, which becomes a cookie, or as <c>Authorization: Bearer</c>. The cookie holds a hash and not the
/// token, and is the same after a restart.
/// </summary>
/// <param name="token">The token.</param>
/// <param name="secure">Whether the page is served by https.</param>
internal sealed class DashboardToken(string token, bool secure)
{
    private const string Cookie = "ecgfm-dashboard";
    private const string Bearer = "Bearer ";

    private readonly string _cookie = Base64Url.EncodeToString(Hash("cookie of " + token));

    /// <summary>Lets the request through, answers it with the cookie, or refuses it.</summary>
    public Task GuardAsync(HttpContext request, Func<Task> next)
    {
        if (request.Request.Query["token"] is [{ } shown]) return Is(shown, token) ? TakeInAsync(request.Response) : RefuseAsync(request.Response);
        var header = request.Request.Headers.Authorization.ToString();
        var known = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? Is(header[Bearer.Length..].Trim(), token)
            : request.Request.Cookies[Cookie] is { } cookie && Is(cookie, _cookie);
        return known ? next() : RefuseAsync(request.Response);
    }

    /// <summary>Comparing hashes takes the same time whatever was shown, its length included.</summary>
    private static bool Is(string shown, string right) => CryptographicOperations.FixedTimeEquals(Hash(shown), Hash(right));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Not a redirection: after a link from another site a browser would follow it without the strict cookie. A refresh is the page's own step, and it takes the
    /// token out of the address and of the history.
    /// </summary>
    private Task TakeInAsync(HttpResponse response)
    {
        response.Cookies.Append(Cookie, _cookie, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = secure, Path = "/" });
        response.Headers["Refresh"] = "0; url=./";
        response.ContentType = "text/html; charset=utf-8";
        // With its own icon, or the browser would ask for another that is not there.
        return response.WriteAsync("""<!doctype html><html lang="en"><title>EcgFm dashboard</title><link rel="icon" href="./icon.svg"><p>The dashboard opens.""");
    }

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = "Bearer";
        response.ContentType = "text/plain";
        return response.WriteAsync("This dashboard needs its token: open it as ?token=TOKEN once. The box's administrator has it (dashboard:tokenFile).\n");
    }
}
