using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Paramorph.Cli.Tests;
using Paramorph.Papers;

namespace Paramorph.Web.Tests;

/// <summary>What the server gives, and what it refuses.</summary>
public sealed class ServerTests(ServerTests.Shared shared) : IClassFixture<ServerTests.Shared>
{
    private readonly Served served = shared.Served;

    [Fact]
    public async Task Every_paper_is_listed_and_shown()
    {
        var papers = await served.Get("/api/papers");
        Assert.Equal(Catalogue.Papers.Select(paper => paper.Id), papers.EnumerateArray().Select(paper => paper.GetProperty("id").GetString()!));
        var shown = await served.Get("/api/papers/relinear");
        Assert.Equal("src/Paramorph.Papers/Neurons/Relinear.cs", shown.GetProperty("code").GetString());
        Assert.True(File.Exists(Repository.File("src", "Paramorph.Papers", "Neurons", "Relinear.cs")));
        Assert.Equal(Catalogue.Find("relinear")!.Experiment()!.Claims.Count, shown.GetProperty("experiment").GetProperty("claims").GetArrayLength());
        Assert.Equal("inconclusive", shown.GetProperty("record").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Every_paper_has_a_place_on_the_map_beside_papers_of_its_family()
    {
        var places = (await served.Get("/api/map")).EnumerateArray().ToDictionary(place => place.GetProperty("id").GetString()!, place => (X: place.GetProperty("x").GetDouble(), Y: place.GetProperty("y").GetDouble()));
        Assert.Equal(Catalogue.Papers.Count, places.Count);
        Assert.All(places.Values, place => Assert.True(place is { X: >= 0 and <= 1, Y: >= 0 and <= 1 }));
        double Far(Paper paper, Paper other) => Math.Pow(places[paper.Id].X - places[other.Id].X, 2) + Math.Pow(places[paper.Id].Y - places[other.Id].Y, 2);
        var share = Catalogue.Papers.Average(paper => Catalogue.Papers.Where(other => other != paper).OrderBy(other => Far(paper, other)).Take(5).Count(other => other.Family == paper.Family) / 5.0);
        // At places that are drawn, fewer than one of ten neighbours would be of the family.
        Assert.True(share > 0.3, $"{share:P0}");
    }

    [Fact]
    public async Task A_paired_difference_is_that_of_the_seeds()
    {
        var bench = await served.Get("/api/benches/fields");
        var methods = bench.GetProperty("record").GetProperty("methods");
        var (a, b) = (methods[0], methods[1]);
        var difference = await served.Get($"/api/benches/fields/difference?a={a.GetProperty("name")}&b={b.GetProperty("name")}");
        var row = difference.GetProperty("rows")[0];
        var metric = row.GetProperty("metric").GetString()!;
        double[] Values(System.Text.Json.JsonElement entry) => [.. entry.GetProperty("metrics").GetProperty(metric).GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        double[] expected = [.. Values(a).Zip(Values(b), (x, y) => x - y)];
        Assert.Equal(expected, row.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetProperty("difference").GetDouble()));
        // Student's t with two degrees of freedom holds 90 of 100 within 2.919986.
        var (mean, deviation) = (expected.Average(), Math.Sqrt(expected.Sum(value => Math.Pow(value - expected.Average(), 2)) / 2));
        Assert.Equal(3, expected.Length);
        Assert.Equal(mean + 2.919986 * deviation / Math.Sqrt(3), row.GetProperty("high").GetDouble(), 6);
    }

    [Theory]
    [InlineData("/api/papers/birds", 404, "there is no paper birds")]
    [InlineData("/api/papers/birds/similar", 404, "there is no paper birds")]
    [InlineData("/api/benches/birds", 404, "there is no bench birds")]
    [InlineData("/api/benches/fields/difference?a=siren&b=birds", 404, "there is no method birds")]
    [InlineData("/api/runs/99", 404, "there is no run 99")]
    [InlineData("/api/runs/one", 404, "there is no run one")]
    [InlineData("/api/models/birds", 404, "there is no model birds")]
    [InlineData("/api/models/..%2F..%2Fetc", 404, "there is no model")]
    [InlineData("/api/models/..", 404, "there is nothing at")]
    [InlineData("/api/answers/..%2Fpage.db", 404, "there are no answers")]
    [InlineData("/api/birds", 404, "there is nothing at /api/birds")]
    public async Task What_there_is_not_is_one_sentence(string path, int status, string sentence)
    {
        using var answer = await served.Client.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("birds", "there is no paper birds")]
    [InlineData("mgno", "there is no setting nothing", "{\"nothing\":\"1\"}")]
    [InlineData("", "there is no paper")]
    public async Task A_run_that_cannot_be_is_refused(string id, string sentence, string settings = "{}")
    {
        using var answer = await served.Client.PostAsync("/api/runs", Json($"{{\"kind\":\"Paper\",\"id\":\"{id}\",\"size\":\"Smoke\",\"settings\":{settings}}}"));
        Assert.Contains((int)answer.StatusCode, (int[])[400, 404]);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/runs", """{"kind":"Fit","id":"relinear"}""", "Paper or Bench")]
    [InlineData("/api/runs", """{"kind":99,"id":"relinear"}""", "Paper or Bench")]
    [InlineData("/api/runs", """{"kind":"Paper","id":"relinear","size":7}""", "Full or Smoke")]
    [InlineData("/api/runs", """{"kind":"Paper","id":"relinear","seed":2147483647}""", "first seed")]
    [InlineData("/api/fits/understood", """{"ready":"burgers","ignored":[null]}""", "a name in a list is empty")]
    [InlineData("/api/runs", """{"kind":"Wings","id":"relinear"}""", "at kind:")]
    [InlineData("/api/runs", """{"kind":"Paper","id":"relinear","seeds":"many"}""", "at seeds:")]
    [InlineData("/api/fits", """{"ready":"burgers","methods":[""]}""", "a name in a list is empty")]
    [InlineData("/api/fits", """{"ready":"burgers","methods":["wings"]}""", "there is no method wings", 404)]
    public async Task What_is_asked_for_wrongly_is_one_sentence(string path, string body, string sentence, int status = 400)
    {
        using var answer = await served.Client.PostAsync(path, Json(body));
        var told = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(sentence, told, StringComparison.Ordinal);
        Assert.DoesNotContain("Paramorph.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planned_paper_is_not_run()
    {
        var planned = Catalogue.Papers.First(paper => !paper.Works).Id;
        using var answer = await served.Client.PostAsync("/api/runs", Json($"{{\"kind\":\"Paper\",\"id\":\"{planned}\"}}"));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("does not run yet", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("127.0.0.1.example.com")]
    [InlineData("192.168.0.1")]
    public async Task A_name_that_is_not_of_this_machine_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/papers") { Headers = { Host = $"{host}:{served.Address.Port}" } };
        using var answer = await served.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task No_other_site_can_start_a_run_or_read(string header, string value)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Get])
        {
            using var request = new HttpRequestMessage(method, "/api/runs");
            if (method == HttpMethod.Post) request.Content = Json("{\"kind\":\"Paper\",\"id\":\"relinear\"}");
            request.Headers.Add(header, value);
            using var answer = await served.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.DoesNotContain((await served.Get("/api/runs")).EnumerateArray(), run => run.GetProperty("subject").GetString() == "relinear");
    }

    [Fact]
    public async Task A_form_of_another_site_is_no_request_for_a_run()
    {
        // A page elsewhere can send text without asking first, but not as JSON.
        using var answer = await served.Client.PostAsync("/api/runs", new StringContent("{\"kind\":\"Paper\",\"id\":\"relinear\"}", Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_runs_its_own_scripts_alone()
    {
        using var answer = await served.Client.GetAsync("/");
        var policy = string.Join("; ", answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        using var large = await served.Client.PostAsync("/api/runs", Json($"{{\"id\":\"{new string('x', (int)Paramorph.Server.Limits.RequestBytes)}\"}}"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("512 MiB", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A file says how long it is before it comes.
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, served.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/uploads?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{served.Address.Port}\r\nContent-Length: {Paramorph.Server.Limits.UploadBytes + 1}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.Contains("413", await reader.ReadLineAsync(), StringComparison.Ordinal);
        var uploads = Path.Combine(served.Folder, "uploads");
        Assert.True(!Directory.Exists(uploads) || Directory.EnumerateDirectories(uploads).All(folder => Directory.EnumerateFiles(folder).Any()));
    }

    [Theory]
    [InlineData("../../../../etc/passwd", "passwd")]
    [InlineData("..\\..\\page.db", "page.db")]
    [InlineData(".hidden", "hidden")]
    [InlineData("<script>alert(1)</script>.csv", "script-.csv")]
    [InlineData("", "data")]
    public async Task A_name_of_a_file_stays_in_its_folder(string name, string kept)
    {
        var upload = await served.Send($"/api/uploads?name={Uri.EscapeDataString(name)}", "a,b\n1,2\n");
        Assert.Equal(kept, upload.GetProperty("name").GetString());
        Assert.True(File.Exists(Path.Combine(served.Folder, "uploads", upload.GetProperty("id").GetString()!, kept)));
    }

    [Fact]
    public async Task Two_hundred_streams_of_events_are_open_and_the_next_is_refused()
    {
        // A run that waits behind another keeps its streams open.
        using var own = Served.Start();
        await own.Post("/api/runs", new { kind = "Paper", id = "pig", size = "Full" });
        var waiting = (await own.Post("/api/runs", new { kind = "Paper", id = "pig", size = "Full" })).GetProperty("id").GetInt64();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < Paramorph.Server.Limits.EventStreams; i++) answers.Add(await own.Client.GetAsync($"/api/runs/{waiting}/events", HttpCompletionOption.ResponseHeadersRead));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using (var refused = await own.Client.GetAsync($"/api/runs/{waiting}/events", HttpCompletionOption.ResponseHeadersRead)) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        foreach (var answer in answers) answer.Dispose();
        // Streams that are closed make room.
        HttpStatusCode status;
        do
        {
            using var again = await own.Client.GetAsync($"/api/runs/{waiting}/events", HttpCompletionOption.ResponseHeadersRead);
            status = again.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, status);
        await own.Post("/api/runs/2/stop");
        await own.Post("/api/runs/1/stop");
    }

    [Fact]
    public void A_port_that_is_taken_is_one_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("paramorph-second-");
        try
        {
            var outcome = Command.Run("serve", "--port", $"{served.Address.Port}", "--data", folder.FullName);
            Assert.Equal(2, outcome.ExitCode);
            Assert.Equal($"paramorph: port {served.Address.Port} is taken, perhaps by another paramorph serve: --port names another one, and --port 0 takes any that is free.", outcome.Error.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_another_server_has_is_one_sentence()
    {
        var outcome = Command.Run("serve", "--port", "0", "--data", served.Folder);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("another paramorph serve has the folder", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("serve", "--port", "70000").ExitCode);
        Assert.Contains("--bind is an address", Command.Run("serve", "--bind", "nowhere").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_loopback_a_token_is_asked_for()
    {
        using var open = Served.Start("--bind", "0.0.0.0");
        var local = new Uri($"http://127.0.0.1:{open.Address.Port}");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = local };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/papers")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/?token=0000")).StatusCode);
        var token = open.Address.Query["?token=".Length..];
        // The address that was printed gives a cookie, and is not kept.
        using var first = await client.GetAsync($"/?token={token}");
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Equal("/", first.Headers.Location!.ToString());
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var with = new HttpRequestMessage(HttpMethod.Get, "/api/papers") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(with)).StatusCode);
        using var program = new HttpRequestMessage(HttpMethod.Get, "/api/papers") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(program)).StatusCode);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>One server for all tests that change nothing.</summary>
    public sealed class Shared : IDisposable
    {
        public Served Served { get; } = Served.Start();

        public void Dispose() => Served.Dispose();
    }
}
