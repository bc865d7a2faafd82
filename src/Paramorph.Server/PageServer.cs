using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Paramorph.Experiments;
using Paramorph.Papers;
using Paramorph.Problems;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Paramorph.Server;

/// <summary>Serves the page: the atlas of papers, benches, runs, fits and models, to people on this machine.</summary>
public sealed class PageServer : IAsyncDisposable
{
    private readonly FileStream own;
    private readonly RunStore store;
    private readonly RunQueue queue;
    private readonly WebApplication app;

    private PageServer(ServerOptions options)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        own = Lock(options.Folder);
        store = new RunStore(options.Folder);
        queue = new RunQueue(options, store);
        var guard = new Guard(options.IsOpen);
        app = Build(options, guard);
        Query = guard.Query;
    }

    /// <summary>Where the page is, for people to open; it holds the token where there is one.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Whether the page itself is part of this build.</summary>
    public bool HasPage { get; private set; }

    private string Query { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="options">Where, and what.</param>
    /// <exception cref="ServerException">The port is taken, another server has the folder, or it cannot be written; the message says which.</exception>
    public static async Task<PageServer> Start(ServerOptions options)
    {
        var server = new PageServer(options);
        try
        {
            await server.app.StartAsync().ConfigureAwait(false);
            var bound = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var port = new Uri(bound).Port;
            server.Address = $"http://{(options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : options.Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{options.Address}]" : options.Address)}:{port}/{server.Query}";
            return server;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new ServerException($"port {options.Port} is taken, perhaps by another paramorph serve: --port names another one, and --port 0 takes any that is free.", 409, exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new ServerException($"nothing can be served at {options.Address}, port {options.Port}: {exception.Message.TrimEnd('.')}.", 409, exception);
        }
    }

    /// <summary>Ends when the server does.</summary>
    public Task Ended(CancellationToken cancellation) => app.WaitForShutdownAsync(cancellation);

    /// <summary>Ends what runs, which goes on when it is asked to, and lets others have the port and the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        store.Dispose();
        await own.DisposeAsync().ConfigureAwait(false);
    }

    private WebApplication Build(ServerOptions options, Guard guard)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.RequestBytes;
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = false);
        var built = builder.Build();
        built.Use((context, next) => Failed(context, next));
        built.Use(next => context => guard.Check(context, next));
        built.UseResponseCompression();
        built.UseRouting();
        var page = new Page();
        HasPage = page.IsThere;
        var uploads = new Uploads(Path.Combine(options.Folder, "uploads"));
        built.MapGet("/api/about", context => Answer.Json(context, new About(ExperimentRunner.Version, options.Folder, Catalogue.Papers.Count, Limits.UploadBytes), ServerJson.Default.About));
        new PaperApi(store).Map(built);
        BenchApi.Map(built);
        new RunApi(store, queue).Map(built, built.Lifetime.ApplicationStopping);
        new FitApi(queue, uploads, options.Worker).Map(built);
        new ModelApi(queue, uploads, options.Worker, options.Folder).Map(built);
        built.Map("/api/{**path}", context => throw new ServerException($"there is nothing at {context.Request.Path}.", 404));
        built.MapGet("/{**path}", page.Serve);
        return built;
    }

    /// <summary>Turns what is thrown into one sentence with its status.</summary>
    private static async Task Failed(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var (status, sentence) = exception switch
            {
                ServerException own => (own.Status, own.Message),
                ExperimentException or ProblemException => (400, exception.Message),
                BadHttpRequestException { StatusCode: 413 } => (413, $"this is too large: a file has {Limits.UploadBytes >> 20} MiB at most, and anything else {Limits.RequestBytes >> 10} KiB."),
                BadHttpRequestException bad => (bad.StatusCode, "the request is not one that can be read."),
                IOException or UnauthorizedAccessException => (500, exception.Message),
                _ => (500, $"this should not have happened: {exception.Message}"),
            };
            await Guard.Refuse(context, status, sentence).ConfigureAwait(false);
        }
    }

    /// <summary>The file that one server holds open; the system closes it when a process ends, however it ends.</summary>
    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ServerException(File.Exists(Path.Combine(folder, "lock")) ? $"another paramorph serve has the folder {folder}: end it, or name another folder with --data." : $"nothing can be written into {folder}: {exception.Message.TrimEnd('.')}.", 409, exception);
        }
    }
}
