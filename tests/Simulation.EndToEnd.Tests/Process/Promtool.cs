using System.Diagnostics;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Prometheus' own judge of metrics: the one on the PATH, else the one in the distribution's package, unpacked for the moment.</summary>
internal static class Promtool
{
    /// <summary>Skips the test, with the reason, when it cannot be had.</summary>
    public static async Task<string> LocateAsync()
    {
        string cached = Path.Combine(Nats.Embedded.NatsServerLocatorOptions.DefaultCacheFolder, "..", "promtool", "promtool");
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool"))
            .Append(cached).FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }

        Skip.IfNot(File.Exists("/usr/bin/apt-get"), "promtool is not on the PATH, and there is no apt-get to fetch Debian's package prometheus");
        using var folder = new TestFolder();
        (int exitCode, string said) = await ExecuteAsync("/bin/sh", ["-c", "apt-get download prometheus && dpkg -x prometheus_*.deb ."], folder.Path);
        Skip.IfNot(exitCode == 0, $"promtool is not on the PATH, and Debian's package prometheus cannot be fetched: {said}");
        Directory.CreateDirectory(Path.GetDirectoryName(cached)!);
        File.Copy(Path.Combine(folder.Path, "usr", "bin", "promtool"), cached, overwrite: true);
        return cached;
    }

    /// <returns>What it has against these metrics; empty for nothing.</returns>
    public static async Task<string> CheckAsync(string promtool, string metrics)
    {
        (int exitCode, string said) = await ExecuteAsync(promtool, ["check", "metrics"], input: metrics);
        return exitCode == 0 ? said : $"exit code {exitCode}: {said}";
    }

    private static async Task<(int ExitCode, string Said)> ExecuteAsync(string program, string[] arguments, string folder = "", string input = "")
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
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
}
