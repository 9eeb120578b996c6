using System.Reflection;
using System.Reflection.Emit;
using Orleans.Offline.Copying;

namespace Orleans.Offline.Proxies;

/// <summary>Generates the request class of one grain method: a field per argument, copied when the request is made.</summary>
internal sealed class RequestBuilder
{
    internal const string MethodField = "Method";

    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly MethodInfo s_setToken = typeof(GrainRequest).GetMethod(nameof(GrainRequest.SetToken), Instance)!;
    private static readonly MethodInfo s_calleeToken = typeof(GrainRequest).GetProperty("CalleeToken", Instance)!.GetMethod!;
    private static readonly MethodInfo s_copy = typeof(Copier).GetMethod(nameof(Copier.Copy), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly MethodInfo _method;
    private readonly ParameterInfo[] _parameters;
    private readonly FieldBuilder?[] _arguments;
    private readonly ConstructorBuilder _constructor;

    internal RequestBuilder(TypeBuilder type, MethodInfo method)
    {
        Type = type;
        _method = method;
        _parameters = method.GetParameters();
        _arguments = [.. _parameters.Select((p, i) => IsToken(p) ? null : type.DefineField($"Argument{i}", p.ParameterType, FieldAttributes.Public))];
        _constructor = DefineConstructor();
        DefineInvoke();
    }

    internal TypeBuilder Type { get; }

    /// <summary>The base of the request class; null for a method that cannot be called.</summary>
    internal static Type? Base(MethodInfo method)
    {
        var result = method.ReturnType;
        if (method.IsGenericMethodDefinition || method.GetParameters().Any(p => p.ParameterType.IsByRef))
        {
            return null;
        }

        if (result == typeof(Task) || result == typeof(ValueTask))
        {
            return result == typeof(Task) ? typeof(TaskRequest) : typeof(ValueTaskRequest);
        }

        if (!result.IsGenericType)
        {
            return null;
        }

        var definition = result.GetGenericTypeDefinition();
        var request = definition == typeof(Task<>) ? typeof(TaskRequest<>) : definition == typeof(ValueTask<>) ? typeof(ValueTaskRequest<>) : null;
        return request?.MakeGenericType(result.GetGenericArguments());
    }

    /// <summary>Emits the body of the reference's method: make the request, copy the arguments into it, send it.</summary>
    internal void EmitSend(ILGenerator il)
    {
        il.Emit(OpCodes.Newobj, _constructor);
        for (var i = 0; i < _parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (_arguments[i] is not { } field)
            {
                il.Emit(OpCodes.Call, s_setToken);
                continue;
            }

            if (!_parameters[i].IsDefined(typeof(ImmutableAttribute), inherit: false))
            {
                il.Emit(OpCodes.Call, s_copy.MakeGenericMethod(_parameters[i].ParameterType));
            }

            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, RequestType.GetMethod(ReturnsValueTask ? "SendValue" : "Send", Instance)!);
        il.Emit(OpCodes.Ret);
    }

    private Type RequestType => Type.BaseType!;

    private bool ReturnsValueTask => _method.ReturnType.Name.StartsWith(nameof(ValueTask), StringComparison.Ordinal);

    private static bool IsToken(ParameterInfo parameter) => parameter.ParameterType == typeof(CancellationToken);

    private ConstructorBuilder DefineConstructor()
    {
        var method = Type.DefineField(MethodField, typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
        var constructor = Type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, []);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, method);
        il.Emit(OpCodes.Call, RequestType.GetConstructors(Instance)[0]);
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    private void DefineInvoke()
    {
        var name = ReturnsValueTask ? "InvokeValue" : "Invoke";
        var invoke = Type.DefineMethod(name, MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig, _method.ReturnType, [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, _method.DeclaringType!);
        foreach (var argument in _arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            if (argument is null)
            {
                il.Emit(OpCodes.Call, s_calleeToken);
            }
            else
            {
                il.Emit(OpCodes.Ldfld, argument);
            }
        }

        il.Emit(OpCodes.Callvirt, _method);
        il.Emit(OpCodes.Ret);
        Type.DefineMethodOverride(invoke, RequestType.GetMethod(name, Instance)!);
    }
}
