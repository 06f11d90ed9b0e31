using System.Diagnostics;
using System.Globalization;

namespace Simulation.Host.Exploring;

/// <summary>Runs seeds once more, each in a fresh process of this program, and compares the traces' hashes.</summary>
/// <param name="arguments">Of <c>explore</c>, without the seeds: what makes a child explore the same.</param>
internal sealed class DeterminismCheck(IReadOnlyList<string> arguments)
{
    /// <summary>Hidden: prints a line with seed and hash for each seed and nothing else.</summary>
    public const string HashesOption = "--hashes";

    public static string Line(SeedResult result) => string.Create(CultureInfo.InvariantCulture, $"{result.Seed} {result.TraceHash:x16}");

    /// <returns>Null when the fresh process had the same hash; otherwise what is different.</returns>
    public async Task<string?> CompareAsync(SeedResult result, CancellationToken cancellation)
    {
        using Process child = Process.Start(StartInfo(result.Seed))!;
        try
        {
            Task<string> errors = child.StandardError.ReadToEndAsync(cancellation);
            string output = (await child.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await child.WaitForExitAsync(cancellation);
            return output == Line(result) ? null
                : output.Length == 0 ? $"seed {result.Seed}: the fresh process said nothing but: {(await errors).Trim()}"
                : $"seed {result.Seed}: trace {result.TraceHash:x16} here, and '{output}' in a fresh process";
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }

    private ProcessStartInfo StartInfo(ulong seed)
    {
        string self = Environment.ProcessPath!;
        bool isHosted = Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string seeds = seed.ToString(CultureInfo.InvariantCulture);
        return new ProcessStartInfo(self, [
            .. isHosted ? [typeof(DeterminismCheck).Assembly.Location] : Array.Empty<string>(),
            "explore", .. arguments, "--seeds", seeds, "--parallel", "1", HashesOption])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
