using System.Buffers;

namespace Simulation.JetStream;

/// <summary>Names on the wire, and which ones are allowed.</summary>
internal static class KeyValueNames
{
    private static readonly SearchValues<char> InKeys = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/_=");

    public static string Stream(string bucket) => $"KV_{bucket}";

    public static string Subject(string bucket, string key) => $"$KV.{bucket}.{key}";

    /// <summary>Of a subject, what comes before the key.</summary>
    public static int PrefixLength(string bucket) => "$KV.".Length + bucket.Length + 1;

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

    private static bool IsKey(ReadOnlySpan<char> text, bool isFilter)
    {
        while (true)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> part = dot < 0 ? text : text[..dot];
            bool isWildcard = isFilter && (part is "*" || (part is ">" && dot < 0));
            bool isPlain = !part.IsEmpty && !part.ContainsAnyExcept(InKeys);
            if (!isWildcard && !isPlain)
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            text = text[(dot + 1)..];
        }
    }
}
