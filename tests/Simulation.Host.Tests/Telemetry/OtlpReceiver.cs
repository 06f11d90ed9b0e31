using System.Net;
using System.Text;

namespace Simulation.Host.Tests.Telemetry;

/// <summary>Takes what is sent by OTLP over HTTP, keeps it, and answers as it is told to.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpStatusCode _answer;
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Path, string? ContentType, string Body)> _requests = [];
    private readonly Task _serving;

    private OtlpReceiver(int port, HttpStatusCode answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Something has come.</summary>
    public Task Received => _received.Task;

    /// <summary>Bodies are protobuf; names and values of attributes are readable in them.</summary>
    public IReadOnlyList<(string Path, string? ContentType, string Body)> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static OtlpReceiver Start(HttpStatusCode answer = HttpStatusCode.OK)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new OtlpReceiver(Random.Shared.Next(20_000, 30_000), answer);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Somebody else has that port.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                string text = await body.ReadToEndAsync();
                lock (_requests)
                {
                    _requests.Add((context.Request.Url!.AbsolutePath, context.Request.ContentType, text));
                }

                context.Response.StatusCode = (int)_answer;
                context.Response.Close();
                _received.TrySetResult();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
