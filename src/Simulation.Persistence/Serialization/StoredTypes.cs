using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Simulation.Persistence;

/// <summary>
/// Which stored name and version stands for which record. Names and versions are the format: the record's own name may change, its stored name
/// may not. Stored is JSON with <c>snake_case</c> names, enums by name, and nothing that the record does not know.
/// </summary>
public sealed class StoredTypes
{
    private readonly SortedDictionary<string, Entry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Entry> _byType = [];

    /// <summary>Missing and additional fields are errors: of one version there is one shape.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <param name="name">For example <c>worker-started</c>. Never changes.</param>
    /// <param name="version">Of the record as it is now: one more each time its shape or meaning changes.</param>
    /// <param name="upcasts">Each makes of one version the next, the last one makes <paramref name="version"/>. Versions before the first one's are refused.</param>
    public StoredTypes Add<T>(string name, int version = 1, params Func<JsonObject, JsonObject>[] upcasts)
        where T : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(upcasts.Length, version);
        var entry = new Entry(typeof(T), name, version, upcasts);
        _byName.Add(name, entry);
        _byType.Add(typeof(T), entry);
        return this;
    }

    /// <exception cref="ArgumentException">The type was not added: a mistake of the program.</exception>
    internal StoredRecord Write(string persistenceId, long sequence, DateTimeOffset at, object value) =>
        _byType.TryGetValue(value.GetType(), out Entry? entry)
            ? new StoredRecord(persistenceId, sequence, at.ToUniversalTime(), entry.Name, entry.Version, JsonSerializer.Serialize(value, entry.Type, Json))
            : throw new ArgumentException($"{value.GetType()} has no stored name. Add it to the StoredTypes of '{persistenceId}'.", nameof(value));

    /// <param name="record">What was stored.</param>
    /// <param name="what">"event" or "snapshot", for the message.</param>
    /// <exception cref="PersistenceException">Of a type or version that is not known here, or not readable as it.</exception>
    internal object Read(StoredRecord record, string what)
    {
        string place = $"{what} {record.Sequence} of '{record.PersistenceId}'";
        if (!_byName.TryGetValue(record.Type, out Entry? entry))
        {
            throw new PersistenceException(
                PersistenceProblem.Unknown,
                $"The {place} is of type '{record.Type}' version {record.Version}, which this program does not know. Use the version of the program that wrote it, or a newer one.");
        }

        if (record.Version > entry.Version)
        {
            throw new PersistenceException(
                PersistenceProblem.Unknown,
                $"The {place} is '{record.Type}' version {record.Version}; this program knows it up to version {entry.Version}. Use the version of the program that wrote it, or a newer one.");
        }

        if (record.Version < entry.Oldest)
        {
            throw new PersistenceException(
                PersistenceProblem.Unknown,
                $"The {place} is '{record.Type}' version {record.Version}; this program knows it from version {entry.Oldest} on. Use an older version of the program.");
        }

        try
        {
            return entry.Read(record);
        }
        catch (Exception error) // An upcast may fail in any way when it does not find what it expects.
        {
            throw new PersistenceException(
                PersistenceProblem.Damaged,
                $"The {place} cannot be read as '{record.Type}' version {record.Version}: {error.Message}",
                error);
        }
    }

    private sealed record Entry(Type Type, string Name, int Version, Func<JsonObject, JsonObject>[] Upcasts)
    {
        public int Oldest => Version - Upcasts.Length;

        public object Read(StoredRecord record)
        {
            if (record.Version == Version)
            {
                return JsonSerializer.Deserialize(record.Json, Type, Json) ?? throw new JsonException("there is nothing in it");
            }

            JsonObject json = JsonNode.Parse(record.Json)!.AsObject();
            foreach (Func<JsonObject, JsonObject> upcast in Upcasts.AsSpan(record.Version - Oldest))
            {
                json = upcast(json);
            }

            return json.Deserialize(Type, Json)!;
        }
    }
}
