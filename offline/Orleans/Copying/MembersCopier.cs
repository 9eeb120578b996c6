using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orleans.Offline.Copying;

/// <summary>
/// Copies a class or a struct member by member, by code compiled once per type. Members that do not cross the wire
/// come out as a new object has them.
/// </summary>
internal sealed class MembersCopier<T> : TypeCopier<T>
{
    private delegate void FillMembers(ref T target, ref T source, CopyContext context);

    private static readonly MethodInfo s_clone = typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Func<T, T> _begin;
    private readonly FillMembers? _fill;

    public MembersCopier()
    {
        var fields = WireMembers.Fields(typeof(T));
        var keepsAll = fields.All(f => f.OnWire);
        _begin = keepsAll ? Clone() : _ => New();
        var copied = fields.Where(f => f.OnWire && (!keepsAll || !Sharing.IsShared(f.Field.FieldType, exact: false))).Select(f => f.Field).ToArray();
        _fill = copied.Length > 0 ? Compile(copied) : null;
    }

    internal override T Copy(T value, CopyContext context)
    {
        if (!typeof(T).IsValueType && context.TryGet(value!, out var known))
        {
            return (T)known;
        }

        var copy = _begin(value);
        if (!typeof(T).IsValueType)
        {
            context.Record(value!, copy!);
        }

        _fill?.Invoke(ref copy, ref value, context);
        return copy;
    }

    private static Func<T, T> Clone()
    {
        if (typeof(T).IsValueType)
        {
            return static value => value;
        }

        var clone = s_clone.CreateDelegate<Func<object, object>>();
        return value => (T)clone(value!);
    }

    private static T New() => typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is null
        ? (T)RuntimeHelpers.GetUninitializedObject(typeof(T))
        : Activator.CreateInstance<T>();

    private static FillMembers Compile(FieldInfo[] fields)
    {
        var method = new DynamicMethod($"Copy_{typeof(T).Name}", null, [typeof(T).MakeByRefType(), typeof(T).MakeByRefType(), typeof(CopyContext)], typeof(MembersCopier<T>).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        foreach (var field in fields)
        {
            var copier = typeof(TypeCopier<>).MakeGenericType(field.FieldType).GetMethod("CopyMember", BindingFlags.Static | BindingFlags.NonPublic)!;
            LoadObject(il, OpCodes.Ldarg_0);
            LoadObject(il, OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Call, copier);
            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FillMembers>();
    }

    private static void LoadObject(ILGenerator il, OpCode argument)
    {
        il.Emit(argument);
        if (!typeof(T).IsValueType)
        {
            il.Emit(OpCodes.Ldind_Ref);
        }
    }
}
