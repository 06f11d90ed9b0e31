using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Simulation.Host.Reports;

/// <summary>How the files of a run write JSON: names in snake_case, for programs and for people.</summary>
internal static class ReportJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteFile<T>(string path, T value) => WriteWhole(path, JsonSerializer.Serialize(value, Options) + "\n");

    /// <summary>Whole or not at all, so that a reader never sees half a file.</summary>
    public static void WriteWhole(string path, string text)
    {
        string unfinished = path + ".tmp";
        File.WriteAllText(unfinished, text);
        File.Move(unfinished, path, overwrite: true);
    }
}
