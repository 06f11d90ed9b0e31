namespace Simulation.Chaos;

/// <summary>What was seen of a fault's targets, as one line of a verdict.</summary>
public static class Observed
{
    private const int MostTold = 3;

    /// <summary>Each observation once, and not more of them than somebody reads.</summary>
    /// <param name="texts">An empty one says nothing.</param>
    public static string Together(IEnumerable<string> texts)
    {
        string[] all = [.. texts.Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)];
        return all.Length <= MostTold ? string.Join("; ", all) : $"{string.Join("; ", all.Take(MostTold))}; and {all.Length - MostTold} more";
    }
}
