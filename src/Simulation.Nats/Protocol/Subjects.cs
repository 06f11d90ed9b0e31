using System.Buffers;

namespace Simulation.Nats.Protocol;

/// <summary>Guards what goes into a control line: a blank or a line end inside a name would begin another command.</summary>
internal static class Subjects
{
    private static readonly SearchValues<byte> Breaking = SearchValues.Create(" \t\r\n\0"u8);
    private static readonly SearchValues<char> NotInAName = SearchValues.Create(" \t\r\n\0.*>/\\");

    public static void RequireSubject(ReadOnlySpan<byte> subject)
    {
        if (subject.IsEmpty || subject.ContainsAny(Breaking))
        {
            throw new ArgumentException($"\"{System.Text.Encoding.UTF8.GetString(subject)}\" is not a subject: it is empty, or has blanks or line ends in it.");
        }
    }

    /// <summary>Names of streams and consumers become one token of a subject.</summary>
    public static void RequireName(string name, string what)
    {
        if (string.IsNullOrEmpty(name) || name.AsSpan().ContainsAny(NotInAName))
        {
            throw new ArgumentException($"\"{name}\" cannot name a {what}: it is empty, or has blanks, dots, wildcards or slashes in it.");
        }
    }
}
