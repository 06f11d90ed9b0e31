using System.Reflection;
using System.Text;
using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration.Values;

/// <summary>How names in the code are written in YAML.</summary>
internal static class Words
{
    /// <summary><c>PartitionsPerProducer</c> to <c>partitions_per_producer</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char character in name)
        {
            if (char.IsUpper(character) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }

    public static string Spell<T>(T member)
        where T : struct, Enum =>
        typeof(T).GetField(member.ToString())!.GetCustomAttribute<SpellingAttribute>()?.Text ?? SnakeCase(member.ToString());
}
