using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Offline.Proxies;

/// <summary>
/// Generates, per grain interface, the reference class and one request class per method. A call then costs no
/// reflection and boxes nothing.
/// </summary>
internal sealed class ProxyBuilder
{
    private static readonly ConcurrentDictionary<Type, Lazy<Func<GrainFactory, GrainId, object>>> s_factories = new();
    private static readonly ConstructorInfo s_referenceConstructor =
        typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [typeof(GrainFactory), typeof(GrainId)])!;

    private readonly Type _interface;
    private readonly ModuleBuilder _module;
    private readonly TypeBuilder _proxy;
    private readonly List<(TypeBuilder Type, MethodInfo Method)> _requests = [];

    private ProxyBuilder(Type grainInterface)
    {
        _interface = grainInterface;
        var name = new AssemblyName($"Orleans.Offline.Proxies.{grainInterface.Name}");
        var assembly = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run);
        OpenTo(assembly);
        _module = assembly.DefineDynamicModule(name.Name!);
        _proxy = _module.DefineType($"{grainInterface.Name}_Reference", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [grainInterface]);
    }

    internal static Func<GrainFactory, GrainId, object> FactoryFor(Type grainInterface) =>
        s_factories.GetOrAdd(grainInterface, static type => new(() => new ProxyBuilder(type).Build())).Value;

    private Func<GrainFactory, GrainId, object> Build()
    {
        if (!_interface.IsInterface || !typeof(IAddressable).IsAssignableFrom(_interface))
        {
            throw new ArgumentException($"{_interface} is no grain interface.");
        }

        if (_interface == typeof(IAddressable))
        {
            return GrainReference.Untyped;
        }

        DefineConstructor();
        DefineInterfaceName();
        foreach (var method in Interfaces().SelectMany(i => i.GetMethods()).Where(m => !m.IsStatic))
        {
            DefineMethod(method);
        }

        foreach (var (type, method) in _requests)
        {
            type.CreateType().GetField(RequestBuilder.MethodField)!.SetValue(null, new GrainMethod(_interface, method));
        }

        return Constructor(_proxy.CreateType());
    }

    private IEnumerable<Type> Interfaces() => _interface.GetInterfaces().Prepend(_interface);

    // The generated assembly sees what the interfaces, their signatures and this assembly have as internal.
    private void OpenTo(AssemblyBuilder assembly)
    {
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        var names = Interfaces().SelectMany(i => i.GetMethods())
            .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType))
            .SelectMany(WithArguments)
            .Concat(Interfaces())
            .Append(typeof(ProxyBuilder))
            .Select(t => t.Assembly.GetName().Name!);
        foreach (var name in names.Distinct())
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [name]));
        }
    }

    private static IEnumerable<Type> WithArguments(Type type) =>
        type.HasElementType ? WithArguments(type.GetElementType()!) : type.GetGenericArguments().SelectMany(WithArguments).Append(type);

    private void DefineConstructor()
    {
        var constructor = _proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(GrainFactory), typeof(GrainId)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, s_referenceConstructor);
        il.Emit(OpCodes.Ret);
    }

    private void DefineInterfaceName()
    {
        var getter = _proxy.DefineMethod("get_" + nameof(GrainReference.InterfaceName), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.SpecialName, typeof(string), []);
        var il = getter.GetILGenerator();
        il.Emit(OpCodes.Ldstr, _interface.FullName!);
        il.Emit(OpCodes.Ret);
    }

    private void DefineMethod(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var proxy = _proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. parameters.Select(p => p.ParameterType)]);
        var il = proxy.GetILGenerator();
        if (RequestBuilder.Base(method) is not { } requestBase)
        {
            var parametersOfGeneric = method.IsGenericMethodDefinition ? proxy.DefineGenericParameters([.. method.GetGenericArguments().Select(a => a.Name)]) : [];
            _ = parametersOfGeneric;
            il.Emit(OpCodes.Ldstr, $"{_interface.FullName}.{method.Name}: the stand-in calls methods that return Task, Task<T>, ValueTask or ValueTask<T> and are not generic.");
            il.Emit(OpCodes.Newobj, typeof(NotSupportedException).GetConstructor([typeof(string)])!);
            il.Emit(OpCodes.Throw);
        }
        else
        {
            var request = new RequestBuilder(_module.DefineType($"{_interface.Name}_{method.Name}_{_requests.Count}", TypeAttributes.Public | TypeAttributes.Sealed, requestBase), method);
            request.EmitSend(il);
            _requests.Add((request.Type, method));
        }

        _proxy.DefineMethodOverride(proxy, method);
    }

    private static Func<GrainFactory, GrainId, object> Constructor(Type proxy)
    {
        var construct = new DynamicMethod("Create", typeof(object), [typeof(GrainFactory), typeof(GrainId)], typeof(ProxyBuilder).Module, skipVisibility: true);
        var il = construct.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, proxy.GetConstructors()[0]);
        il.Emit(OpCodes.Ret);
        return construct.CreateDelegate<Func<GrainFactory, GrainId, object>>();
    }
}
