using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Simulation.Benchmarks.Client;

/// <summary>Builds and runs the C client's half of the comparison; not available where gcc or libnats-dev is missing.</summary>
internal sealed class NatsC
{
    /// <summary>Names a folder that holds usr/include and usr/lib of libnats-dev and its dependencies unpacked, where it is not installed.</summary>
    private const string PrefixVariable = "NATS_C_PREFIX";

    private readonly string _program;
    private readonly string? _libraries;

    private NatsC(string program, string? libraries)
    {
        _program = program;
        _libraries = libraries;
    }

    /// <returns>Null, and the reason on standard error, when it cannot be built here.</returns>
    public static NatsC? Build(string folder)
    {
        string program = Path.Combine(folder, "nats_c");
        List<string> arguments = ["-O2", SourceFile(), "-o", program, "-lnats"];
        string? libraries = null;
        if (Environment.GetEnvironmentVariable(PrefixVariable) is { Length: > 0 } prefix)
        {
            libraries = Path.GetDirectoryName(Directory.GetFiles(Path.Combine(prefix, "usr/lib"), "libnats.so", SearchOption.AllDirectories)[0])!;
            arguments.AddRange([$"-I{prefix}/usr/include", $"-L{libraries}", $"-Wl,-rpath-link,{libraries}"]);
        }

        try
        {
            using Process gcc = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true })!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            if (gcc.ExitCode == 0)
            {
                return new NatsC(program, libraries);
            }

            Console.Error.WriteLine($"No comparison with the C client (install libnats-dev, or unpack it and set {PrefixVariable}): {errors}");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Console.Error.WriteLine($"No comparison with the C client: gcc: {error.Message}");
        }

        return null;
    }

    /// <returns>Seconds.</returns>
    public double Run(string url, string what, string stream, string subjectOrDurable, int count, int payload, int window)
    {
        var start = new ProcessStartInfo(_program, [url, what, stream, subjectOrDurable, $"{count}", $"{payload}", $"{window}"]) { RedirectStandardOutput = true };
        if (_libraries is not null)
        {
            start.Environment["LD_LIBRARY_PATH"] = _libraries;
        }

        using Process run = Process.Start(start)!;
        string seconds = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return run.ExitCode == 0
            ? double.Parse(seconds, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"the C client failed with exit code {run.ExitCode}");
    }

    private static string SourceFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "nats_c.c");
}
