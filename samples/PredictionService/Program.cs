using System.Globalization;
using System.Net.Http.Json;
using Paramorph.Fitting;
using Paramorph.Problems;

// Serves a model over HTTP: GET / tells what it takes, POST /predict answers a row of numbers. Give it the folder of a model; given a number instead, it fits a small model of the propellers
// with so many thousands of steps, asks itself one question, and ends.
var isTrial = args.Length == 0 || int.TryParse(args[0], CultureInfo.InvariantCulture, out _);
var model = isTrial ? Trial(args.FirstOrDefault() ?? "20") : Model.Load(args[0]);

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls($"http://127.0.0.1:{(isTrial ? 0 : 5080)}");
var app = builder.Build();
app.MapGet("/", () => new { model.Kind, inputs = (model.Preparation as TablePreparation)?.Columns.Select(column => column.Name), model.Parameters });
// One model serves all requests at once; a call allocates nothing but what the request itself brings.
app.MapPost("/predict", (double[] row) =>
{
    if (row.Length != model.InputLength) return Results.BadRequest($"a row has {model.InputLength} numbers, not {row.Length}.");
    var answer = new double[model.AnswerLength];
    model.Predict(row, answer);
    return Results.Ok(answer);
});
await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.First()}");
if (!isTrial)
{
    await app.WaitForShutdownAsync();
    return 0;
}
using var client = new HttpClient();
var response = await client.PostAsJsonAsync($"{app.Urls.First()}/predict", new double[model.InputLength]);
Console.WriteLine($"POST /predict: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
await app.StopAsync();
return response.IsSuccessStatusCode ? 0 : 1;

static Model Trial(string thousands)
{
    var content = DataContent.Read(Path.Combine(AppContext.BaseDirectory, "propeller.csv"));
    var problem = ProblemKind.Of(content, new()).Read(content, new());
    return Fit.Run(problem, new FitOptions { Methods = [Paramorph.Layers.Mlp.Method], Budget = Budget.Parse($"{thousands}000steps") }).Model;
}
