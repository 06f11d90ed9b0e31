using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Simulation.Partitioning;

/// <summary>The group's documents as JSON. The assignment names members by their place in its list, to stay small with many units.</summary>
internal static partial class GroupCodec
{
    public static byte[] Encode(MemberRecord record) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new MemberJson(record.Member.ToString(), record.Beat, record.Released, record.Running, record.Ended, record.After?.ToString()),
            Shapes.Default.MemberJson);

    public static byte[] Encode(LeaderRecord record) =>
        JsonSerializer.SerializeToUtf8Bytes(new LeaderJson(record.Holder?.ToString(), record.Epoch, record.Beat), Shapes.Default.LeaderJson);

    public static byte[] Encode(AssignmentDocument document)
    {
        var places = document.Members.Select((member, place) => (member, place)).ToDictionary(pair => pair.member, pair => pair.place);
        return JsonSerializer.SerializeToUtf8Bytes(
            new AssignmentJson(
                document.Epoch,
                document.Version,
                document.Strategy,
                [.. document.Members.Select(member => member.ToString())],
                [.. document.Units.Select(unit => places[unit.Owner])],
                [.. document.Units.Select(unit => unit.Since)],
                new SortedDictionary<int, int[]>(document.Units
                    .Select((unit, id) => (unit, id))
                    .Where(pair => !pair.unit.Contenders.IsEmpty)
                    .ToDictionary(pair => pair.id, pair => pair.unit.Contenders.Select(member => places[member]).ToArray()))),
            Shapes.Default.AssignmentJson);
    }

    public static MemberRecord DecodeMember(ReadOnlySpan<byte> json)
    {
        var shape = JsonSerializer.Deserialize(json, Shapes.Default.MemberJson)!;
        return new MemberRecord(
            MemberIdentity.Parse(shape.Member), shape.Beat, shape.Released, shape.Running, shape.Ended,
            shape.After is null ? null : MemberIdentity.Parse(shape.After));
    }

    public static LeaderRecord DecodeLeader(ReadOnlySpan<byte> json)
    {
        var shape = JsonSerializer.Deserialize(json, Shapes.Default.LeaderJson)!;
        return new LeaderRecord(shape.Holder is null ? null : MemberIdentity.Parse(shape.Holder), shape.Epoch, shape.Beat);
    }

    public static AssignmentDocument DecodeAssignment(ReadOnlySpan<byte> json)
    {
        var shape = JsonSerializer.Deserialize(json, Shapes.Default.AssignmentJson)!;
        ImmutableArray<MemberIdentity> members = [.. shape.Members.Select(MemberIdentity.Parse)];
        return new AssignmentDocument(
            shape.Epoch,
            shape.Version,
            shape.Strategy,
            members,
            [.. shape.Owners.Select((owner, unit) => new UnitOwnership(members[owner], shape.Since[unit], ContendersOf(unit)))]);

        ImmutableArray<MemberIdentity> ContendersOf(int unit) =>
            shape.Contenders.TryGetValue(unit, out var places) ? [.. places.Select(place => members[place])] : [];
    }

    private sealed record MemberJson(string Member, long Beat, long Released, long Running, bool Ended, string? After);

    private sealed record LeaderJson(string? Holder, long Epoch, long Beat);

    private sealed record AssignmentJson(
        long Epoch, long Version, string Strategy, string[] Members, int[] Owners, long[] Since, SortedDictionary<int, int[]> Contenders);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(MemberJson))]
    [JsonSerializable(typeof(LeaderJson))]
    [JsonSerializable(typeof(AssignmentJson))]
    private sealed partial class Shapes : JsonSerializerContext;
}
