namespace Simulation.JetStream;

/// <summary>Reads an entry from the message that carries it.</summary>
internal static class KeyValueEntries
{
    public static KeyValueEntry Read(string bucket, StoredMessage message)
    {
        string key = message.Subject[KeyValueNames.Subject(bucket, "").Length..];
        return new KeyValueEntry(key, message.Payload, message.Sequence, message.Time, Operation(message));
    }

    private static KeyValueOperation Operation(StoredMessage message) => message.Header("KV-Operation") switch
    {
        "DEL" => KeyValueOperation.Delete,
        "PURGE" => KeyValueOperation.Purge,

        // Servers from 2.11 on can leave a marker of their own where something expired or was removed.
        _ => message.Header("Nats-Marker-Reason") switch
        {
            null => KeyValueOperation.Put,
            "Remove" => KeyValueOperation.Delete,
            _ => KeyValueOperation.Purge,
        },
    };
}
