namespace Simulation.Host.Configuration;

/// <summary>"Did you mean": the known word nearest to what was written.</summary>
internal static class Suggestion
{
    /// <returns>Null when nothing is near enough to be meant.</returns>
    public static string? For(string written, IEnumerable<string> known)
    {
        string wanted = Normalise(written);
        (string Word, int Distance) nearest = known
            .Select(word => (Word: word, Distance: Distance(wanted, Normalise(word))))
            .DefaultIfEmpty((Word: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return nearest.Distance <= Math.Max(1, wanted.Length / 3) ? nearest.Word : null;
    }

    /// <summary>The words that complete an error message; empty when there is nothing to suggest.</summary>
    public static string Phrase(string written, IEnumerable<string> known) =>
        For(written, known) is { } word ? $"; did you mean '{word}'?" : "";

    private static string Normalise(string word) => word.Replace("_", "").Replace("-", "").ToLowerInvariant();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
