using System.Text.RegularExpressions;

namespace Simulation.Host.Configuration;

/// <summary>Keeps passwords and tokens out of whatever is printed or written.</summary>
internal static partial class Masking
{
    public const string Mask = "***";

    /// <summary>Hides what stands before the <c>@</c> of every URL in the text.</summary>
    public static string Urls(string text) => Credentials().Replace(text, $"$1{Mask}@");

    /// <remarks>Up to the last <c>@</c> before the path: a password may hold one.</remarks>
    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/,""']+@")]
    private static partial Regex Credentials();
}
