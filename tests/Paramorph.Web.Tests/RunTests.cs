using System.Net;
using System.Text.Json;
using Paramorph.Cli.Tests;

namespace Paramorph.Web.Tests;

/// <summary>Runs, which survive the server, and fits.</summary>
public sealed class RunTests
{
    private const string Table = "samples/data/propeller.csv";

    [Fact]
    public async Task A_run_tells_how_it_goes_and_leaves_its_results()
    {
        using var served = Served.Start();
        var run = (await served.Post("/api/runs", new { kind = "Paper", id = "relinear", size = "Smoke", seeds = 2 })).GetProperty("id").GetInt64();
        var events = await Events(served, run);
        Assert.Contains(events, told => told.GetProperty("event").GetString() == "progressed" && told.GetProperty("loss").ValueKind == JsonValueKind.Number);
        Assert.Contains(events, told => told.GetProperty("event").GetString() == "finished" && told.GetProperty("metrics").TryGetProperty("accuracy", out _));
        var shown = await served.Until(run, "Finished");
        Assert.Equal("not decided", shown.GetProperty("run").GetProperty("outcome").GetString());
        Assert.Equal(2, shown.GetProperty("result").GetProperty("seeds").GetArrayLength());
        var files = shown.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()!).ToArray();
        foreach (var file in (string[])["report.html", "result.json"]) Assert.Contains(file, files);
        // A report is shown with what it holds alone.
        using var report = await served.Client.GetAsync($"/api/runs/{run}/files/report.html");
        Assert.Contains("sandbox", report.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (var path in (string[])["../../page.db", "..%2F..%2Fpage.db", "curves/..%2f..%2f..%2fpage.db", ".%2e/.%2e/page.db", "nothing.csv", "curves"])
        {
            using var outside = await served.Client.GetAsync($"/api/runs/{run}/files/{path}");
            Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
        }
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(served.Folder, "runs", $"{run}", "link.txt"), "/etc/hostname");
            using var link = await served.Client.GetAsync($"/api/runs/{run}/files/link.txt");
            Assert.Equal(HttpStatusCode.NotFound, link.StatusCode);
        }
        // Who comes late reads the same.
        Assert.Equal(events.Count, (await Events(served, run)).Count);
        using var removed = await served.Client.DeleteAsync($"/api/runs/{run}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(served.Folder, "runs", $"{run}")));
    }

    [Fact]
    public async Task Runs_wait_for_one_another_and_are_stopped()
    {
        using var served = Served.Start();
        for (var i = 0; i < 3; i++) await served.Post("/api/runs", new { kind = "Paper", id = "pig", size = "Full" });
        await Running(served, 1);
        var runs = (await served.Get("/api/runs")).EnumerateArray().ToDictionary(run => run.GetProperty("id").GetInt64());
        Assert.Equal(["Running", "Queued", "Queued"], Enumerable.Range(1, 3).Select(id => runs[id].GetProperty("state").GetString()));
        Assert.Equal(2, runs[3].GetProperty("place").GetInt32());
        await served.Post("/api/runs/2/stop");
        await served.Post("/api/runs/3/stop");
        await served.Post("/api/runs/1/stop");
        await served.Until(1, "Stopped");
        using var again = await served.Client.PostAsync("/api/runs/1/stop", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    // Processes are started and killed, which takes seconds.
    [Fact]
    public async Task A_run_whose_server_is_killed_is_interrupted_and_resumes_to_the_same_bits()
    {
        using var served = Served.Start();
        var whole = await Run(served, "sparse-rnn");
        await served.Until(whole, "Finished");
        var parts = await Run(served, "sparse-rnn");
        // Some jobs have ended and others have not.
        while (Ended(served, parts) < 2) await Task.Delay(20);
        served.KillAndStart();
        var shown = await served.Get($"/api/runs/{parts}");
        Assert.Equal("Interrupted", shown.GetProperty("run").GetProperty("state").GetString());
        var before = Ended(served, parts);
        await served.Post($"/api/runs/{parts}/resume");
        await served.Until(parts, "Finished");
        Assert.InRange(before, 2, Ended(served, parts));
        Assert.Equal(Metrics(served, whole), Metrics(served, parts));
        foreach (var file in Directory.GetFiles(Path.Combine(served.Folder, "runs", $"{whole}", "parameters")))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(served.Folder, "runs", $"{parts}", "parameters", Path.GetFileName(file))));
    }

    [Fact]
    public async Task A_table_becomes_a_model_that_answers()
    {
        using var served = Served.Start();
        var table = File.ReadAllText(Repository.File(Table.Split('/')));
        var upload = await served.Send("/api/uploads?name=propeller.csv", table);
        var request = new { upload = upload.GetProperty("id").GetString(), name = "propeller", methods = (string[])["mlp"], budget = "2000steps", ignored = (string[])["vibration_mm_s"] };
        var understood = await served.Post("/api/fits/understood", request);
        Assert.Equal("table-regression", understood.GetProperty("problem").GetString());
        Assert.Equal("thrust_N", understood.GetProperty("targets")[0].GetString());
        Assert.Equal("Time", understood.GetProperty("columns")[0].GetProperty("type").GetString());
        var run = (await served.Post("/api/fits", request)).GetProperty("id").GetInt64();
        await served.Until(run, "Finished");
        var model = await served.Get("/api/models/propeller");
        Assert.Equal("mlp", model.GetProperty("result").GetProperty("method").GetString());
        Assert.DoesNotContain(model.GetProperty("preparation").GetProperty("columns").EnumerateArray(), column => column.GetProperty("name").GetString() == "vibration_mm_s");

        // The answers are those of the command.
        var answers = await served.Send("/api/models/propeller/answers?name=new.csv", table);
        Assert.Equal(table.Count(letter => letter == '\n') - 1, answers.GetProperty("rows").GetInt32());
        var expected = Command.Run("predict", Path.Combine(served.Folder, "models", "propeller"), Repository.File(Table.Split('/'))).Output;
        Assert.Equal(expected, await served.Client.GetStringAsync($"/api/answers/{answers.GetProperty("id").GetString()}"));

        await using var zip = await served.Client.GetStreamAsync("/api/models/propeller/zip");
        using var archive = new System.IO.Compression.ZipArchive(zip);
        foreach (var name in (string[])["model.json", "model.safetensors", "report.html"]) Assert.Contains(archive.Entries, entry => entry.FullName == $"propeller/{name}");
        Assert.True((await served.Client.GetByteArrayAsync("/api/models/propeller/onnx")).Length > 1000);
        // Times in 32 bits would lose their minutes.
        using var narrow = await served.Client.GetAsync("/api/models/propeller/onnx?type=f32");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, narrow.StatusCode);
        Assert.True((await served.Get("/api/models/propeller/inspection")).GetProperty("parameters").GetInt64() > 0);
        Assert.Contains("<svg", await served.Client.GetStringAsync("/api/models/propeller/drawing"), StringComparison.Ordinal);

        var smaller = await served.Post("/api/models/propeller/smaller?bits=4");
        Assert.Equal("propeller-4bit", smaller.GetProperty("name").GetString());
        Assert.Contains(smaller.GetProperty("result").GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("rounded to 4 bits", StringComparison.Ordinal));
        using var wrong = await served.Client.PostAsync("/api/models/propeller/smaller?bits=12", null);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var half = await served.Client.GetAsync("/api/models/propeller/onnx?type=f16");
        Assert.Equal(HttpStatusCode.BadRequest, half.StatusCode);

        // Another of the name takes the place of none, and one that is damaged does not hide the others.
        Assert.Equal("propeller-4bit-2", (await served.Post("/api/models/propeller/smaller?bits=4")).GetProperty("name").GetString());
        File.WriteAllText(Path.Combine(served.Folder, "models", "propeller-4bit-2", "result.json"), "{");
        File.WriteAllText(Path.Combine(served.Folder, "models", "propeller-4bit", "model.json"), "{");
        Assert.Equal(3, (await served.Get("/api/models")).GetArrayLength());
        using var damaged = await served.Client.GetAsync("/api/models/propeller-4bit");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, damaged.StatusCode);

        // A second one of the name gets another.
        Assert.Equal("propeller-2", (await served.Post("/api/fits", request)).GetProperty("subject").GetString());
        await served.Until(run + 1, "Finished");
    }

    [Fact]
    public async Task A_file_that_cannot_be_fitted_is_refused_in_one_sentence()
    {
        using var served = Served.Start();
        var upload = await served.Send("/api/uploads?name=few.csv", "a,b\n1,2\n3,4\n");
        using var answer = await served.Client.PostAsync("/api/fits/understood", new StringContent($"{{\"upload\":\"{upload.GetProperty("id")}\"}}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("at least 12 are needed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var nothing = await served.Client.PostAsync("/api/fits", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        // An option in the place of a value stays a value.
        using var option = await served.Client.PostAsync("/api/fits/understood", new StringContent($"{{\"upload\":\"{upload.GetProperty("id")}\",\"targets\":[\"--out=/tmp/elsewhere\"]}}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, option.StatusCode);
        Assert.False(Directory.Exists("/tmp/elsewhere"));
    }

    private static async Task<long> Run(Served served, string id) => (await served.Post("/api/runs", new { kind = "Paper", id, size = "Smoke", seeds = 2 })).GetProperty("id").GetInt64();

    private static async Task Running(Served served, long run)
    {
        while ((await served.Get($"/api/runs/{run}")).GetProperty("run").GetProperty("state").GetString() != "Running") await Task.Delay(50);
    }

    /// <summary>How many jobs of a run have ended.</summary>
    private static int Ended(Served served, long run) => Path.Combine(served.Folder, "runs", $"{run}", "runs") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Count(file => Path.GetFileName(file) != "plan.json") : 0;

    /// <summary>What all arms measured.</summary>
    private static string Metrics(Served served, long run)
    {
        using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(served.Folder, "runs", $"{run}", "result.json")));
        return string.Join('\n', result.RootElement.GetProperty("arms").EnumerateArray().Select(arm => $"{arm.GetProperty("name")} {arm.GetProperty("metrics")} {arm.GetProperty("parameterHashes")}"));
    }

    /// <summary>All that a run tells until it has ended.</summary>
    private static async Task<List<JsonElement>> Events(Served served, long run)
    {
        using var reader = new StreamReader(await served.Client.GetStreamAsync($"/api/runs/{run}/events"));
        var events = new List<JsonElement>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == "event: end") return events;
            if (line.StartsWith("data: ", StringComparison.Ordinal)) events.Add(JsonDocument.Parse(line["data: ".Length..]).RootElement.Clone());
        }
        throw new EndOfStreamException("the stream ended before the run did.");
    }
}
