using Simulation.JetStream;

namespace Simulation.Nats.JetStream;

/// <summary>The spelling of enumerations in JetStream's JSON.</summary>
internal static class WireNames
{
    public static string Of(StorageType storage) => storage == StorageType.File ? "file" : "memory";

    public static StorageType Storage(string? name) => name == "memory" ? StorageType.Memory : StorageType.File;

    public static string Of(RetentionPolicy retention) => retention switch
    {
        RetentionPolicy.Limits => "limits",
        RetentionPolicy.Interest => "interest",
        _ => "workqueue",
    };

    public static RetentionPolicy Retention(string? name) => name switch
    {
        "interest" => RetentionPolicy.Interest,
        "workqueue" => RetentionPolicy.WorkQueue,
        _ => RetentionPolicy.Limits,
    };

    public static string Of(DiscardPolicy discard) => discard == DiscardPolicy.Old ? "old" : "new";

    public static DiscardPolicy Discard(string? name) => name == "new" ? DiscardPolicy.New : DiscardPolicy.Old;

    public static string Of(DeliverPolicy deliver) => deliver switch
    {
        DeliverPolicy.All => "all",
        DeliverPolicy.Last => "last",
        DeliverPolicy.New => "new",
        DeliverPolicy.ByStartSequence => "by_start_sequence",
        _ => "last_per_subject",
    };

    public static DeliverPolicy Deliver(string? name) => name switch
    {
        "last" => DeliverPolicy.Last,
        "new" => DeliverPolicy.New,
        "by_start_sequence" => DeliverPolicy.ByStartSequence,
        "last_per_subject" => DeliverPolicy.LastPerSubject,
        _ => DeliverPolicy.All,
    };

    public static string Of(AckPolicy ack) => ack switch
    {
        AckPolicy.Explicit => "explicit",
        AckPolicy.All => "all",
        _ => "none",
    };

    public static AckPolicy Ack(string? name) => name switch
    {
        "all" => AckPolicy.All,
        "none" => AckPolicy.None,
        _ => AckPolicy.Explicit,
    };
}
