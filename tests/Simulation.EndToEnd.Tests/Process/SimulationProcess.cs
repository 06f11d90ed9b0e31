using System.Diagnostics;
using System.Globalization;
using System.Text;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>
/// The real executable, as a user starts it, with a folder of its own to run in. Tests wait for what it says; whoever waits in vain is
/// told everything that it said. However a test ends, neither the process nor a server of its stays.
/// </summary>
internal sealed class SimulationProcess : IAsyncDisposable
{
    /// <summary>Against a hang. No run here takes a third of it, even on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly System.Diagnostics.Process _process;
    private readonly ProcessOutput _output = new();
    private readonly ProcessOutput _error = new();
    private readonly CancellationTokenSource _patience;

    private SimulationProcess(ProcessStartInfo start, TimeSpan patience)
    {
        _patience = new CancellationTokenSource(patience);
        _process = new System.Diagnostics.Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _error.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "simulation");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => _output.Text;

    public string Error => _error.Text;

    /// <summary>As the log names it.</summary>
    public string RunFolder => Error.Split('\n').Select(line => line.Split(", folder ")).First(parts => parts.Length == 2)[1];

    /// <param name="workingFolder">Where it is started.</param>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="environment">What is changed of this process's own; null takes one away.</param>
    /// <param name="program">Another program that starts it.</param>
    /// <param name="patience">For what is waited for; null for what every run here can do with.</param>
    public static SimulationProcess Start(
        string workingFolder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? program = null,
        TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo(program ?? Executable, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new SimulationProcess(start, patience ?? Patience);
    }

    /// <summary>Waits until its log says so.</summary>
    /// <returns>The line.</returns>
    public async Task<string> SaysAsync(string text)
    {
        Task<string> said = _error.WaitForAsync(text);
        Task ended = _process.WaitForExitAsync(_patience.Token);
        await Task.WhenAny(said, ended);
        return said.IsCompletedSuccessfully ? await said : throw new InvalidOperationException($"It never said '{text}'. {Transcript()}");
    }

    /// <summary>Waits until it says where.</summary>
    public async Task<Uri> MetricsAddressAsync() => new((await SaysAsync("Metrics at ")).Split(' ')[^1]);

    /// <summary>Waits until there are some.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(await MetricsAddressAsync());
    }

    /// <summary>Waits until its log says so, or it has ended.</summary>
    public Task SaysOrEndsAsync(string text) => Task.WhenAny(_error.WaitForAsync(text), _process.WaitForExitAsync(_patience.Token));

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync(_patience.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"It did not end in time. {Transcript()}");
        }
    }

    /// <summary>Waits for its end, which must be this one.</summary>
    public async Task ExitsAsync(int expected)
    {
        int actual = await ExitAsync();
        Assert.True(expected == actual, $"It ended with {actual} instead of {expected}. {Transcript()}");
    }

    /// <summary>For whoever waits for something that only a run can bring about, and has time.</summary>
    public void ThrowIfOver()
    {
        if (_process.HasExited || _patience.IsCancellationRequested)
        {
            throw new InvalidOperationException($"It {(_process.HasExited ? "has ended" : "takes too long")}. {Transcript()}");
        }
    }

    /// <summary>SIGKILL. One that has ended does not mind.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Skips the test when nothing that it starts hears it.</summary>
    public void Signal(Signal signal)
    {
        if (signal == Process.Signal.Interrupt)
        {
            IgnoredSignals.RequireInterrupt();
        }

        OperatingSystemProcess.Signal(Id, signal);
    }

    /// <summary>The servers that it started, by process id.</summary>
    public IReadOnlyList<int> Servers() => OperatingSystemProcess.WithCommandLine(
        command => Path.GetFileName(command[0]) == "nats-server" && command.Any(argument => argument.StartsWith(RunFolder, StringComparison.Ordinal)));

    /// <summary>The processes of its workers and producers, by process id.</summary>
    /// <param name="mode"><c>worker</c> or <c>producer</c>; null for both.</param>
    public IReadOnlyList<int> Children(string? mode = null) => OperatingSystemProcess.WithCommandLine(command =>
        command.SkipWhile(argument => argument != "--child-of").Take(2).LastOrDefault() == Id.ToString(CultureInfo.InvariantCulture)
        && (mode is null || command.Contains(mode)));

    /// <summary>Waits until none of its servers, nor anything that guards them, runs any more.</summary>
    public async Task LeavesNothingRunningAsync()
    {
        while (OperatingSystemProcess.WithCommandLine(command => command.Any(argument => argument.Contains(RunFolder, StringComparison.Ordinal))) is { Count: > 0 } left)
        {
            Assert.False(_patience.IsCancellationRequested, $"Still running: {string.Join(", ", left)}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _patience.Dispose();
    }

    /// <summary>Everything that it said.</summary>
    public string Transcript() => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"Its output:\n{Output}\nIts log:\n{Error}").ToString();
}
