using System.Diagnostics;
using System.Globalization;

namespace Simulation.Benchmarks.Client;

/// <summary>Another client's half of the comparison: a program that publishes or pulls and prints the seconds that it took.</summary>
internal sealed record PeerClient(string Name, string Program, IReadOnlyList<string> FirstArguments)
{
    /// <summary>Where the program finds its shared libraries, where they are not installed.</summary>
    public string? Libraries { get; init; }

    /// <returns>Seconds.</returns>
    public double Run(string url, string what, string stream, string subjectOrDurable, int count, int payload, int window)
    {
        var start = new ProcessStartInfo(Program, [.. FirstArguments, url, what, stream, subjectOrDurable, $"{count}", $"{payload}", $"{window}"])
        {
            RedirectStandardOutput = true,
        };
        if (Libraries is not null)
        {
            start.Environment["LD_LIBRARY_PATH"] = Libraries;
        }

        using Process run = Process.Start(start)!;
        string seconds = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return run.ExitCode == 0
            ? double.Parse(seconds, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{Name} failed with exit code {run.ExitCode}");
    }

    /// <returns>False when the tool is not there or fails; why is on standard error.</returns>
    public static bool TryTool(string tool, IReadOnlyList<string> arguments, string folder, string lacking)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(tool, arguments)
            {
                RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return true;
            }

            Console.Error.WriteLine($"{lacking} {errors}{output.Result}");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Console.Error.WriteLine($"{lacking} {tool}: {error.Message}");
        }

        return false;
    }
}
