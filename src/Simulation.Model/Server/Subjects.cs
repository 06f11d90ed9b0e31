namespace Simulation.Model;

/// <summary>Matching of dotted subjects: <c>*</c> stands for one token, a last <c>&gt;</c> for one and more.</summary>
internal static class Subjects
{
    public static bool IsLiteral(string subject) => !subject.Split('.').Any(token => token is "*" or ">");

    /// <param name="filter">May hold wildcards.</param>
    /// <param name="subject">Holds none.</param>
    public static bool Matches(string filter, string subject)
    {
        ReadOnlySpan<char> pattern = filter;
        ReadOnlySpan<char> text = subject;
        while (true)
        {
            ReadOnlySpan<char> wanted = NextToken(ref pattern);
            if (wanted is ">")
            {
                return true;
            }

            ReadOnlySpan<char> token = NextToken(ref text);
            if (wanted is not "*" && !wanted.SequenceEqual(token))
            {
                return false;
            }

            if (pattern.IsEmpty || text.IsEmpty)
            {
                return pattern.IsEmpty && text.IsEmpty;
            }
        }
    }

    /// <summary>Whether some subject matches both.</summary>
    public static bool Overlap(string left, string right)
    {
        string[] a = left.Split('.');
        string[] b = right.Split('.');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] is ">" || b[i] is ">")
            {
                return true;
            }

            if (a[i] is not "*" && b[i] is not "*" && a[i] != b[i])
            {
                return false;
            }
        }

        return a.Length == b.Length;
    }

    /// <summary>Whether every subject that matches the one matches the other.</summary>
    public static bool IsWithin(string inner, string outer)
    {
        string[] a = inner.Split('.');
        string[] b = outer.Split('.');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (b[i] is ">")
            {
                return true;
            }

            if (a[i] is ">" || (b[i] is not "*" && a[i] != b[i]))
            {
                return false;
            }
        }

        return a.Length == b.Length;
    }

    private static ReadOnlySpan<char> NextToken(ref ReadOnlySpan<char> rest)
    {
        int dot = rest.IndexOf('.');
        ReadOnlySpan<char> token = dot < 0 ? rest : rest[..dot];
        rest = dot < 0 ? default : rest[(dot + 1)..];
        return token;
    }
}
