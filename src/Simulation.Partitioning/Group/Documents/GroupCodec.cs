using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Simulation.Partitioning;

/// <summary>
/// The group's documents as JSON. The assignment names members by their place in its list, to stay small with many units. Leases are written
/// and read all the time, and an assignment is read by everybody, so that is done without a serializer; what leases hold needs no escaping.
/// </summary>
internal static partial class GroupCodec
{
    private const int LongestLease = 512;

    public static byte[] Encode(MemberRecord record)
    {
        Span<byte> json = stackalloc byte[LongestLease];
        Utf8.TryWrite(
            json,
            CultureInfo.InvariantCulture,
            $$"""{"member":{{new MemberText(record.Member)}},"released":{{record.Released}},"running":{{record.Running}},"ended":{{(record.Ended ? "true" : "false")}},"after":{{new MemberText(record.After)}},"beat":{{record.Beat}}}""",
            out var length);
        return json[..length].ToArray();
    }

    /// <summary>Whether nothing but the beat, which comes last, sets the two leases apart: the second is the first, renewed.</summary>
    public static bool IsRenewal(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => WithoutBeat(before).SequenceEqual(WithoutBeat(after));

    public static byte[] Encode(LeaderRecord record)
    {
        Span<byte> json = stackalloc byte[LongestLease];
        Utf8.TryWrite(
            json,
            CultureInfo.InvariantCulture,
            $$"""{"holder":{{new MemberText(record.Holder)}},"epoch":{{record.Epoch}},"beat":{{record.Beat}}}""",
            out var length);
        return json[..length].ToArray();
    }

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
        MemberIdentity? member = null, after = null;
        long beat = 0, released = 0, running = 0;
        var ended = false;
        var reader = new Utf8JsonReader(json);
        while (NextField(ref reader) is { IsEmpty: false } field)
        {
            switch (field)
            {
                case var _ when field.SequenceEqual("member"u8):
                    member = ReadMember(ref reader);
                    break;
                case var _ when field.SequenceEqual("beat"u8):
                    beat = reader.GetInt64();
                    break;
                case var _ when field.SequenceEqual("released"u8):
                    released = reader.GetInt64();
                    break;
                case var _ when field.SequenceEqual("running"u8):
                    running = reader.GetInt64();
                    break;
                case var _ when field.SequenceEqual("ended"u8):
                    ended = reader.GetBoolean();
                    break;
                case var _ when field.SequenceEqual("after"u8):
                    after = ReadMember(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new MemberRecord(member ?? throw new JsonException("The lease names no member."), beat, released, running, ended, after);
    }

    public static LeaderRecord DecodeLeader(ReadOnlySpan<byte> json)
    {
        MemberIdentity? holder = null;
        long epoch = 0, beat = 0;
        var reader = new Utf8JsonReader(json);
        while (NextField(ref reader) is { IsEmpty: false } field)
        {
            switch (field)
            {
                case var _ when field.SequenceEqual("holder"u8):
                    holder = ReadMember(ref reader);
                    break;
                case var _ when field.SequenceEqual("epoch"u8):
                    epoch = reader.GetInt64();
                    break;
                case var _ when field.SequenceEqual("beat"u8):
                    beat = reader.GetInt64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new LeaderRecord(holder, epoch, beat);
    }

    public static AssignmentDocument DecodeAssignment(ReadOnlySpan<byte> json)
    {
        long epoch = 0, version = 0;
        var strategy = "";
        List<MemberIdentity> members = [];
        List<long> owners = [], since = [];
        Dictionary<int, List<long>> contenders = [];
        var reader = new Utf8JsonReader(json);
        while (NextField(ref reader) is { IsEmpty: false } field)
        {
            switch (field)
            {
                case var _ when field.SequenceEqual("epoch"u8):
                    epoch = reader.GetInt64();
                    break;
                case var _ when field.SequenceEqual("version"u8):
                    version = reader.GetInt64();
                    break;
                case var _ when field.SequenceEqual("strategy"u8):
                    strategy = reader.GetString()!;
                    break;
                case var _ when field.SequenceEqual("members"u8):
                    ReadMembers(ref reader, members);
                    break;
                case var _ when field.SequenceEqual("owners"u8):
                    ReadNumbers(ref reader, owners);
                    break;
                case var _ when field.SequenceEqual("since"u8):
                    ReadNumbers(ref reader, since);
                    break;
                case var _ when field.SequenceEqual("contenders"u8):
                    ReadContenders(ref reader, contenders);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var units = ImmutableArray.CreateBuilder<UnitOwnership>(owners.Count);
        for (var unit = 0; unit < owners.Count; unit++)
        {
            units.Add(new UnitOwnership(members[(int)owners[unit]], since[unit], contenders.Count > 0 && contenders.TryGetValue(unit, out var places)
                ? [.. places.Select(place => members[(int)place])]
                : []));
        }

        return new AssignmentDocument(epoch, version, strategy, [.. members], units.MoveToImmutable());
    }

    private static ReadOnlySpan<byte> WithoutBeat(ReadOnlySpan<byte> lease) => lease[..(lease.LastIndexOf((byte)':') + 1)];

    /// <summary>Moves on to the value of the next field.</summary>
    /// <returns>The field's name; empty at the end.</returns>
    private static ReadOnlySpan<byte> NextField(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadOnlySpan<byte> name = reader.ValueSpan;
                reader.Read();
                return name;
            }
        }

        return [];
    }

    private static void ReadMembers(ref Utf8JsonReader reader, List<MemberIdentity> members)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            members.Add(MemberIdentity.Parse(reader.GetString()!));
        }
    }

    private static void ReadNumbers(ref Utf8JsonReader reader, List<long> numbers)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            numbers.Add(reader.GetInt64());
        }
    }

    private static void ReadContenders(ref Utf8JsonReader reader, Dictionary<int, List<long>> contenders)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            List<long> places = contenders[int.Parse(reader.ValueSpan, CultureInfo.InvariantCulture)] = [];
            reader.Read();
            ReadNumbers(ref reader, places);
        }
    }

    private static MemberIdentity? ReadMember(ref Utf8JsonReader reader) => reader.GetString() is { } text ? MemberIdentity.Parse(text) : null;

    /// <summary>A member's name in quotes, written where it belongs: a text of its own for each lease would be thrown away at once.</summary>
    private readonly struct MemberText(MemberIdentity? member) : IUtf8SpanFormattable
    {
        public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => member is { } named
            ? Utf8.TryWrite(utf8Destination, provider, $"\"{MemberId.Prefix}{named.Id.Number}#{named.Incarnation:x16}\"", out bytesWritten)
            : Utf8.TryWrite(utf8Destination, $"null", out bytesWritten);
    }

    private sealed record AssignmentJson(
        long Epoch, long Version, string Strategy, string[] Members, int[] Owners, long[] Since, SortedDictionary<int, int[]> Contenders);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(AssignmentJson))]
    private sealed partial class Shapes : JsonSerializerContext;
}
