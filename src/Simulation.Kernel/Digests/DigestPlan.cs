using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;

namespace Simulation.Kernel;

/// <summary>
/// Writes and compiles the code that digests a value of a type, so that a message costs a few multiplications and no reflection. What
/// counts, <see cref="Digest"/> says.
/// </summary>
internal static class DigestPlan
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Handles to pooled objects: their numbers depend on who used the pool before, not on the seed.</summary>
    private static readonly Type[] Handles = [typeof(Promise<>), typeof(ActorTask), typeof(ActorTask<>)];

    internal static Func<T, ulong> Compile<T>(Func<Expression, Expression> plan)
    {
        ParameterExpression value = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, ulong>>(plan(value), value).Compile();
    }

    /// <summary>Whether two values of exactly this type can differ in anything that counts.</summary>
    internal static bool HasValue(Type type) => IsComposite(type)
        ? FieldsOf(type).Length > 0
        : type.IsValueType || type == typeof(string) || IsActor(type) || ItemOf(type) is not null;

    /// <summary>What may be of any type is looked at when it is there; what is sure to be composite has code of its own.</summary>
    internal static Expression OfDeclared(Expression value)
    {
        Type type = value.Type;
        if (IsOpen(type))
        {
            return Call(nameof(Digest.OfObject), Expression.Convert(value, typeof(object)));
        }

        return IsComposite(type)
            ? Expression.Invoke(Expression.Field(null, typeof(ExactDigest<>).MakeGenericType(type), nameof(ExactDigest<int>.Of)), value)
            : OfExact(value);
    }

    internal static Expression OfExact(Expression value)
    {
        Type type = value.Type;
        return type switch
        {
            { IsEnum: true } => OfExact(Expression.Convert(value, type.GetEnumUnderlyingType())),
            { IsPrimitive: true } => OfNumber(value),
            _ when type == typeof(string) => Call(nameof(Digest.OfText), value),
            _ when IsActor(type) => Call(nameof(Digest.OfActor), Expression.Convert(value, typeof(IActorRef))),
            _ when ItemOf(type) is { } item => OfItems(value, item),
            _ when IsComposite(type) => OfFields(value),
            _ => Call(nameof(Digest.OfReference), Expression.Convert(value, typeof(object))),
        };
    }

    private static bool IsActor(Type type) => type.IsAssignableTo(typeof(IActorRef));

    /// <summary>Structs, and records: what they are is what they hold.</summary>
    private static bool IsComposite(Type type) => type.IsValueType
        ? !type.IsPrimitive && !type.IsEnum && ItemOf(type) is null && !Handles.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type)
        : type.GetMethod("<Clone>$") is not null;

    private static bool IsOpen(Type type) =>
        !IsActor(type) && (type == typeof(object) || type.IsInterface || type.IsAbstract || (IsComposite(type) && !type.IsSealed));

    /// <summary>Of what the type is a list that lies in one piece; null when it is none.</summary>
    private static Type? ItemOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        }

        Type? generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return generic == typeof(ImmutableArray<>) || generic == typeof(ReadOnlyMemory<>) || generic == typeof(Memory<>) ? type.GetGenericArguments()[0] : null;
    }

    private static Expression OfNumber(Expression value)
    {
        if (value.Type == typeof(bool))
        {
            return Expression.Condition(value, Expression.Constant(1UL), Expression.Constant(0UL));
        }

        return value.Type == typeof(double) || value.Type == typeof(float)
            ? Expression.Call(typeof(BitConverter), nameof(BitConverter.DoubleToUInt64Bits), null, Expression.Convert(value, typeof(double)))
            : Expression.Convert(value, typeof(ulong));
    }

    private static MethodCallExpression OfItems(Expression list, Type item)
    {
        Type span = typeof(ReadOnlySpan<>).MakeGenericType(item);
        Expression items = list.Type switch
        {
            { IsArray: true } => list,
            var type when type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => Expression.Call(list, nameof(ImmutableArray<int>.AsSpan), null),
            _ => Expression.Property(list, nameof(Memory<int>.Span)),
        };
        string method = item.IsPrimitive ? nameof(Digest.OfPlain) : nameof(Digest.OfItems);
        return Expression.Call(typeof(Digest), method, [item], items.Type == span ? items : Expression.Convert(items, span));
    }

    private static Expression OfFields(Expression value)
    {
        Expression digest = Expression.Constant(0x9E3779B97F4A7C15UL);
        foreach (FieldInfo field in FieldsOf(value.Type))
        {
            digest = Call(nameof(Digest.Mix), digest, OfDeclared(Expression.Field(value, field)));
        }

        return value.Type.IsValueType
            ? digest
            : Expression.Condition(Expression.ReferenceEqual(value, Expression.Constant(null)), Expression.Constant(0UL), digest);
    }

    /// <summary>Base classes first, in the order of their declaration.</summary>
    private static FieldInfo[] FieldsOf(Type type)
    {
        List<FieldInfo> fields = [];
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            fields.InsertRange(0, level.GetFields(OwnFields).OrderBy(field => field.MetadataToken));
        }

        return [.. fields];
    }

    private static MethodCallExpression Call(string method, params Expression[] arguments) =>
        Expression.Call(typeof(Digest).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!, arguments);
}
