using System.Collections.Concurrent;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Simulation.Kernel;

/// <summary>
/// Digests of what messages say, the same in every process. Values count: numbers, texts, times, records and structs by their fields,
/// lists by their items. Of an actor its number counts; of any other object, only whether it is there.
/// </summary>
/// <remarks>
/// How to digest a type is found once per process (<see cref="DigestPlan"/>) and depends on the type alone, so worlds on several threads share
/// it. Long lists count by their length and their first items: what made the rest is in the trace already.
/// </remarks>
internal static class Digest
{
    private const int MostItems = 64;
    private const ulong Nothing = 0;
    private const ulong Something = 1;

    private static readonly MethodInfo OfBoxedMethod = typeof(Digest).GetMethod(nameof(OfBoxed), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly ConcurrentDictionary<Type, Func<object, ulong>?> ByType = new();

    /// <summary>For messages of exactly this type; null when they have nothing to tell but their type.</summary>
    internal static Func<object, ulong>? For(Type type) => ByType.GetOrAdd(type, static type =>
        DigestPlan.HasValue(type) ? OfBoxedMethod.MakeGenericMethod(type).CreateDelegate<Func<object, ulong>>() : null);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong digest, ulong item) => BitOperations.RotateLeft(digest ^ item, 29) * 0x9FB21C651E98DF25;

    /// <summary>Of whatever type it turns out to be.</summary>
    internal static ulong OfObject(object? value) => value is null ? Nothing : For(value.GetType())?.Invoke(value) ?? Something;

    internal static ulong OfReference(object? value) => value is null ? Nothing : Something;

    internal static ulong OfActor(IActorRef? actor) => actor is null ? Nothing : ActorCell.Of(actor) is { } cell ? (uint)cell.Id : Something;

    internal static ulong OfText(string? text) => text is null ? Nothing : OfPlain<char>(text);

    /// <summary>Of numbers, by their bytes.</summary>
    internal static ulong OfPlain<T>(ReadOnlySpan<T> items)
        where T : unmanaged
    {
        ulong digest = (uint)items.Length;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(items[..Math.Min(items.Length, MostItems * sizeof(ulong))]);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            digest = Mix(digest, MemoryMarshal.Read<ulong>(bytes));
        }

        ulong rest = 0;
        foreach (byte b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Mix(digest, rest);
    }

    internal static ulong OfItems<T>(ReadOnlySpan<T> items)
    {
        ulong digest = (uint)items.Length;
        foreach (T item in items[..Math.Min(items.Length, MostItems)])
        {
            digest = Mix(digest, Digest<T>.Of(item));
        }

        return digest;
    }

    private static ulong OfBoxed<T>(object value) => ExactDigest<T>.Of((T)value);
}
