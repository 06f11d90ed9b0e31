using System.Collections.Immutable;

namespace Simulation.Chaos;

/// <summary>What the catalogue says of one kind of fault.</summary>
public sealed record FaultEntry
{
    /// <summary>The parameter that says how long a fault lasts.</summary>
    public const string For = "for";

    /// <summary>The parameter that says how many workers or partitions come or go.</summary>
    public const string By = "by";

    /// <summary>The parameter that says what is full, and its words.</summary>
    public const string Full = "full";

    public const string Limit = "limit";

    public const string Disk = "disk";

    /// <summary>The parameter that says whether somebody new comes instead of a worker that crashed.</summary>
    public const string Replaced = "replaced";

    /// <summary>The parameter that says which way partitions change, and its words.</summary>
    public const string Change = "change";

    public const string Add = "add";

    public const string Retire = "retire";

    public required FaultKind Kind
    {
        get;
        init
        {
            field = value;
            Name = FaultCatalogue.NameOf(value);
        }
    }

    /// <summary>As in a configuration, for example <c>worker_crash</c>.</summary>
    public string Name { get; private init; } = "";

    /// <summary>What happens, and what ends it.</summary>
    public required string Does { get; init; }

    /// <summary>What is looked for to be sure that it happened.</summary>
    public required string Proof { get; init; }

    public TargetKind Targets { get; init; } = TargetKind.Run;

    /// <summary>How targets may be chosen, the likeliest first; the first is drawn six times as often as each of the others.</summary>
    public ImmutableArray<TargetChoice> Choices { get; init; } = [];

    /// <summary>With <see cref="For"/> among them when the fault lasts and is undone at the end.</summary>
    public ImmutableArray<FaultParameter> Parameters { get; init; } = [];

    public FaultWorlds Worlds { get; init; } = FaultWorlds.Both;

    /// <summary>Whether a server has to answer for it to happen: then none is planned while a server is away.</summary>
    public bool NeedsServers => Kind is FaultKind.LeaderFailure or FaultKind.LeaderStepdown or FaultKind.ConsumerDelete or FaultKind.KvLeaseDelete
        or FaultKind.KvBucketDelete or FaultKind.DuplicatePublish or FaultKind.PartitionChanges;

    /// <summary>Whether it goes on for a while, and is then undone.</summary>
    public bool Lasts => Find(For) is not null;

    public FaultParameter? Find(string parameter) => Parameters.FirstOrDefault(known => known.Name == parameter);
}
