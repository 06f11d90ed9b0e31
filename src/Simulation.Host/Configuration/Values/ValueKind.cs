using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Configuration.Values;

/// <summary>Takes note of what is wrong with a node.</summary>
internal delegate void Complain(YamlNode node, string message);

/// <summary>How values of one type are written in YAML.</summary>
internal abstract class ValueKind
{
    /// <summary>For messages and the reference, for example <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <returns>Null when the node is not such a value; then the reason has been given.</returns>
    public abstract object? Read(YamlNode node, Complain complain);

    /// <summary>The value as flow YAML on one line.</summary>
    public abstract string Write(object value);

    /// <summary>Whether the value, or the low end of a range, is below a bound of the same kind.</summary>
    public virtual bool IsBelow(object value, object bound) => throw new NotSupportedException($"{Expected} has no order");

    /// <summary>Whether the value, or the high end of a range, is above a bound of the same kind.</summary>
    public virtual bool IsAbove(object value, object bound) => throw new NotSupportedException($"{Expected} has no order");
}
