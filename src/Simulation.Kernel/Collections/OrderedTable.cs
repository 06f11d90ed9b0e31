using System.Diagnostics.CodeAnalysis;

namespace Simulation.Kernel;

/// <summary>
/// Values by key, for what is looked up all the time, changes rarely, and has to be walked through in the same order in every run: that of the keys.
/// </summary>
public sealed class OrderedTable<TKey, TValue>(IComparer<TKey>? order = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private TValue[]? _inOrder;

    public int Count => _values.Count;

    /// <summary>As they are now: adding and removing while walking through them is allowed.</summary>
    public TValue[] InOrder => _inOrder ??= [.. _values.OrderBy(entry => entry.Key, order).Select(entry => entry.Value)];

    public TValue? Find(TKey key) => _values.GetValueOrDefault(key);

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _inOrder = null;
    }

    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        _inOrder = null;
        return _values.Remove(key, out value);
    }
}
