namespace Simulation.Model;

/// <summary>A cluster's streams: looked up for nearly every request, and walked through in the order of their names.</summary>
internal sealed class StreamsByName
{
    private readonly Dictionary<string, ModelStream> _byName = [];
    private ModelStream[]? _inOrder;

    public int Count => _byName.Count;

    /// <summary>As they are now: removing one while walking through them is allowed.</summary>
    public ModelStream[] InOrder => _inOrder ??= [.. _byName.Values.OrderBy(stream => stream.Config.Name, StringComparer.Ordinal)];

    public ModelStream? Find(string name) => _byName.GetValueOrDefault(name);

    public void Add(ModelStream stream)
    {
        _byName.Add(stream.Config.Name, stream);
        _inOrder = null;
    }

    public void Remove(ModelStream stream)
    {
        _byName.Remove(stream.Config.Name);
        _inOrder = null;
    }
}
