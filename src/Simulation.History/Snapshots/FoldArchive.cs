using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Simulation.History.Snapshots;

/// <summary>
/// The numbers of a fold, one after another, written or read: whoever is kept has one method for both, so that neither can forget what the
/// other has. Numbers take as few bytes as they need.
/// </summary>
internal abstract class FoldArchive
{
    public abstract bool IsReading { get; }

    /// <summary>Of the shape of what is in it, as in <see cref="FoldSnapshot.Version"/>.</summary>
    public int Version { get; init; } = FoldSnapshot.CurrentVersion;

    public abstract void Exchange(ref long value);

    public abstract void Exchange(ref string value);

    /// <summary>As they are, 8 bytes each.</summary>
    public abstract void Exchange(Span<ulong> words);

    public void Exchange(ref int value)
    {
        long number = value;
        Exchange(ref number);
        value = checked((int)number);
    }

    public void Exchange(ref bool value)
    {
        long number = value ? 1 : 0;
        Exchange(ref number);
        value = number != 0;
    }

    public void Exchange(ref long? value)
    {
        bool any = value is not null;
        long number = value ?? 0;
        Exchange(ref any);
        if (any)
        {
            Exchange(ref number);
        }

        value = any ? number : null;
    }

    public void ExchangeOptional(ref string? text)
    {
        bool any = text is not null;
        string some = text ?? "";
        Exchange(ref any);
        if (any)
        {
            Exchange(ref some);
        }

        text = any ? some : null;
    }

    public void Exchange(ref byte[] bytes)
    {
        int length = Count(bytes.Length);
        bytes = IsReading ? new byte[length] : bytes;
        Exchange(bytes.AsSpan());
    }

    /// <summary>As they are.</summary>
    public abstract void Exchange(Span<byte> bytes);

    /// <summary>By number, as many as there are.</summary>
    public void Exchange<T>(IDictionary<int, T> entries, ExchangeOne<T> exchange) =>
        Exchange(entries, exchange, (ref int key) => Exchange(ref key), 0);

    /// <summary>By name, as many as there are.</summary>
    public void Exchange<T>(IDictionary<string, T> entries, ExchangeOne<T> exchange) =>
        Exchange(entries, exchange, (ref string key) => Exchange(ref key), "");

    public void Exchange<T>(ref T[] items, ExchangeOne<T> exchange)
    {
        int count = Count(items.Length);
        items = IsReading ? new T[count] : items;
        foreach (ref T item in items.AsSpan())
        {
            exchange(ref item);
        }
    }

    private void Exchange<TKey, T>(IDictionary<TKey, T> entries, ExchangeOne<T> exchange, ExchangeOne<TKey> exchangeKey, TKey none)
    {
        KeyValuePair<TKey, T>[] there = [.. entries];
        int count = Count(there.Length);
        for (int i = 0; i < count; i++)
        {
            (TKey key, T value) = IsReading ? new KeyValuePair<TKey, T>(none, default!) : there[i];
            exchangeKey(ref key);
            exchange(ref value);
            if (IsReading)
            {
                entries.Add(key, value);
            }
        }
    }

    /// <summary>Of a collection; what cannot be there is not believed.</summary>
    public int Count(int count)
    {
        Exchange(ref count);
        return count >= 0 && count <= MostItems ? count : throw new InvalidDataException($"{count} items cannot be in it.");
    }

    protected abstract int MostItems { get; }

    /// <summary>Writes or reads one of many.</summary>
    internal delegate void ExchangeOne<T>(ref T item);

    /// <summary>Writes.</summary>
    internal sealed class Writer : FoldArchive
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);

        public override bool IsReading => false;

        protected override int MostItems => int.MaxValue;

        public int Length => _bytes.WrittenCount;

        public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

        public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

        public void Clear() => _bytes.ResetWrittenCount();

        /// <summary>Small ones of either sign in few bytes: seven bits in each, the sign in the lowest.</summary>
        public override void Exchange(ref long value)
        {
            ulong rest = (ulong)((value << 1) ^ (value >> 63));
            Span<byte> room = _bytes.GetSpan(10);
            int length = 0;
            for (; rest >= 0x80; rest >>= 7)
            {
                room[length++] = (byte)(rest | 0x80);
            }

            room[length++] = (byte)rest;
            _bytes.Advance(length);
        }

        public override void Exchange(ref string value)
        {
            Count(Encoding.UTF8.GetByteCount(value));
            _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length))));
        }

        public override void Exchange(Span<byte> bytes) => _bytes.Write(bytes);

        public override void Exchange(Span<ulong> words)
        {
            Span<byte> room = _bytes.GetSpan(words.Length * sizeof(ulong));
            for (int i = 0; i < words.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(room[(i * sizeof(ulong))..], words[i]);
            }

            _bytes.Advance(words.Length * sizeof(ulong));
        }
    }

    /// <summary>Reads; throws <see cref="InvalidDataException"/> or <see cref="ArgumentException"/> where it cannot be what was written.</summary>
    internal sealed class Reader(byte[] source) : FoldArchive
    {
        private int _at;

        public override bool IsReading => true;

        public bool IsAtEnd => _at == source.Length;

        protected override int MostItems => source.Length - _at;

        public override void Exchange(ref long value)
        {
            ulong read = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = _at < source.Length && shift < 64 ? source[_at++] : throw new InvalidDataException("A number is cut off.");
                read |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    break;
                }
            }

            value = (long)(read >> 1) ^ -(long)(read & 1);
        }

        public override void Exchange(ref string value)
        {
            int length = Count(0);
            value = Encoding.UTF8.GetString(source, _at, length);
            _at += length;
        }

        public override void Exchange(Span<byte> bytes)
        {
            source.AsSpan(_at, bytes.Length).CopyTo(bytes);
            _at += bytes.Length;
        }

        public override void Exchange(Span<ulong> words)
        {
            foreach (ref ulong word in words)
            {
                word = BinaryPrimitives.ReadUInt64LittleEndian(source.AsSpan(_at));
                _at += sizeof(ulong);
            }
        }
    }
}
