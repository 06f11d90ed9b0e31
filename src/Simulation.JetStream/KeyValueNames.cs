namespace Simulation.JetStream;

/// <summary>Names on the wire, and which ones are allowed.</summary>
internal static class KeyValueNames
{
    public static string Stream(string bucket) => $"KV_{bucket}";

    public static string Subject(string bucket, string key) => $"$KV.{bucket}.{key}";

    public static void RequireBucket(string bucket)
    {
        if (bucket.Length == 0 || !bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new ArgumentException($"'{bucket}' cannot name a key-value bucket: use letters, digits, _ and -.", nameof(bucket));
        }
    }

    public static void RequireKey(string key)
    {
        if (!IsKey(key, isFilter: false))
        {
            throw new ArgumentException($"'{key}' cannot be a key: use letters, digits and - / _ = between single dots.", nameof(key));
        }
    }

    public static void RequireFilter(string filter)
    {
        if (!IsKey(filter, isFilter: true))
        {
            throw new ArgumentException($"'{filter}' cannot select keys: use a key in which * may stand for one part and a last > for the rest.", nameof(filter));
        }
    }

    private static bool IsKey(string text, bool isFilter)
    {
        string[] parts = text.Split('.');
        for (int i = 0; i < parts.Length; i++)
        {
            bool isWildcard = isFilter && (parts[i] == "*" || (parts[i] == ">" && i == parts.Length - 1));
            bool isPlain = parts[i].Length > 0 && parts[i].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_' or '=');
            if (!isWildcard && !isPlain)
            {
                return false;
            }
        }

        return true;
    }
}
