using System.Diagnostics;

namespace Simulation.TestServers;

/// <summary>Debian's package of Prometheus: the server, and promtool, its own judge of metrics, configurations and rules.</summary>
public static class PrometheusPackage
{
    private static readonly PackagedProgram Programs = new("prometheus", "prometheus", "promtool");

    /// <summary>Skips the test, with the reason, when it cannot be had.</summary>
    public static Task<string> ServerAsync() => Programs.LocateAsync("prometheus");

    /// <summary>Runs promtool; skips the test, with the reason, when it cannot be had.</summary>
    /// <param name="arguments">For example <c>check metrics</c>.</param>
    /// <param name="input">On its standard input.</param>
    /// <returns>How it ended and what it said, of both of its outputs.</returns>
    public static async Task<(int ExitCode, string Said)> PromtoolAsync(IEnumerable<string> arguments, string input = "") =>
        await ExecuteAsync(await Programs.LocateAsync("promtool"), arguments, input);

    /// <summary>Runs any program to its end.</summary>
    /// <returns>How it ended and what it said, of both of its outputs.</returns>
    public static async Task<(int ExitCode, string Said)> ExecuteAsync(string program, IEnumerable<string> arguments, string input = "")
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <returns>What promtool has against these metrics; empty for nothing.</returns>
    public static async Task<string> CheckMetricsAsync(string metrics)
    {
        (int exitCode, string said) = await PromtoolAsync(["check", "metrics"], metrics);
        return exitCode == 0 ? said : $"exit code {exitCode}: {said}";
    }
}
